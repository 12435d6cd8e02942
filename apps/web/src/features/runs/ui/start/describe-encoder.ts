import { formatBytes } from "../../../../lib/format-bytes.ts";
import type { EncoderChoice } from "./encoder-choices.ts";

/** What an encoder is, in one line for the form. */
export function describeEncoder({ info, licence }: EncoderChoice): string {
  const { kind, inputSize, gridSize, sizeBytes, text } = info;
  const parts = [
    kind === "vit" ? "Vision transformer" : "Convolutional",
    `${inputSize} px input`,
    `${gridSize} × ${gridSize} tokens`,
    formatBytes(sizeBytes),
    ...(text === null ? [] : ["with a text tower"]),
    ...(licence === null ? [] : [`licence ${licence}`]),
  ];
  return parts.join(", ");
}
