import type { DecadModuleSettings } from "../../catalog/methods/decad/module-settings.ts";
import { add, mul, type Value } from "../../graph/index.ts";

/** Distances of every layer with the weighted abnormal norm shared among them. */
export function withAbnormal(
  distances: readonly Value[],
  abnormal: Value | null,
  { abnormalWeight }: DecadModuleSettings,
): readonly Value[] {
  if (abnormal === null || abnormalWeight === 0) return distances;
  const share = mul(abnormal, abnormalWeight / distances.length);
  return distances.map((distance) => add(distance, share));
}
