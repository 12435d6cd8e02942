import type { EncoderCost, MethodCost } from "../../method-entry.ts";
import { withPluginCost } from "../decad/cost.ts";
import { decoderCost } from "../shared/decoder-cost.ts";
import type { RdSettings } from "./settings.ts";

/** The decoder's cost with the plug-in's. */
export function rdCost(settings: RdSettings, encoder: EncoderCost): MethodCost {
  const { width } = settings;
  return withPluginCost(decoderCost(settings, encoder), settings, {
    width,
    tokens: encoder.gridSize ** 2,
  });
}
