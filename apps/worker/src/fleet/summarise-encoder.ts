import type { EncoderSummary } from "@loupe/contracts";
import type { EncoderInfo } from "@loupe/model";

/** What other processes are told of an encoder on this machine. */
export function summariseEncoder(encoder: EncoderInfo): EncoderSummary {
  const { name, kind, family, inputSize, gridSize, layers } = encoder;
  const { sizeBytes, gigaMacsPerImage, text, transformer } = encoder;
  return {
    name,
    kind,
    family,
    inputSize,
    channels: layers.map((layer) => layer.channels),
    layerNames: layers.map((layer) => layer.name),
    grid: gridSize,
    sizeBytes,
    gigaMacsPerImage,
    textWidth: text?.width ?? null,
    transformer,
  };
}
