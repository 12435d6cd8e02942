import type { EncoderCost, MethodCost } from "../../method-entry.ts";
import { bankMemoryBytes, bankSize, type BankSettings } from "./settings.ts";

/** Every patch is compared once with every patch that is kept, in few directions. */
export function bankCost(
  settings: BankSettings,
  encoder: EncoderCost & { images: number },
): MethodCost {
  const plan = { settings, ...encoder };
  const { patches, kept, projected } = bankSize(plan);
  return {
    parameters: 0,
    trainingMacs: 0,
    activations: 0,
    wholeRunMacs: patches * kept * projected,
    otherBytes: bankMemoryBytes(plan),
  };
}
