import type { HostTokens } from "../../host-entry.ts";
import type { EncoderCost, MethodCost } from "../../method-entry.ts";
import { decoderCost } from "../shared/decoder-cost.ts";
import type { RdSettings } from "./settings.ts";

export function rdCost(settings: RdSettings, encoder: EncoderCost): MethodCost {
  return decoderCost(settings, encoder);
}

/** The fused tokens. */
export function rdTokens({ width }: RdSettings, { gridSize }: EncoderCost): HostTokens {
  return { width, tokens: gridSize ** 2 };
}
