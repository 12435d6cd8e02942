import { formatBytes } from "../../../../lib/format-bytes.ts";
import { formatDuration } from "../../../../lib/format-duration.ts";
import type { PlanEstimate } from "./estimate-plan.ts";

/** The memory of a common GPU of a workstation. */
const COMMON_GPU_BYTES = 16 * 2 ** 30;

type RunEstimateProps = {
  readonly estimate: PlanEstimate | null;
  /** How many runs of this size are started at once. */
  readonly runs?: number;
};

/** What a planned run will take, before anyone starts it. */
export function RunEstimate({ estimate, runs = 1 }: RunEstimateProps) {
  const each = runs > 1 ? " each" : "";
  return (
    <div
      role="group"
      aria-label="Estimate"
      aria-live="polite"
      className="num bg-sunken grid grid-cols-2 gap-3 rounded-md px-3 py-2 sm:grid-cols-4"
    >
      {(
        [
          [`Time, about${each}`, estimate && formatDuration(estimate.seconds)],
          ["Memory, about", estimate && formatBytes(estimate.memoryBytes)],
          [`Feature cache${each}`, estimate && formatBytes(estimate.cacheBytes)],
          ["GPU memory, about", estimate && formatBytes(estimate.gpuMemoryBytes)],
        ] as const
      ).map(([name, value]) => (
        <div key={name}>
          <p className="text-ink-3 text-xs">{name}</p>
          <p className="font-semibold">{value ?? "–"}</p>
        </div>
      ))}
      <p className="text-ink-3 col-span-full text-xs">
        For two CPU cores, nothing cached yet. A faster machine takes less.{" "}
        {estimate && describeFit(estimate.gpuMemoryBytes)}
      </p>
    </div>
  );
}

/** Whether a run fits the memory of a common GPU, by calculation. */
export function describeFit(gpuMemoryBytes: number): string {
  const common = formatBytes(COMMON_GPU_BYTES);
  return gpuMemoryBytes <= COMMON_GPU_BYTES
    ? `On a GPU it fits into ${common}, by calculation.`
    : `A GPU needs more than ${common} for it, by calculation.`;
}
