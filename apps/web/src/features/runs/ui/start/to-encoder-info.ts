import type { EncoderSummary } from "@loupe/contracts";
import type { EncoderInfo } from "@loupe/model/catalog";

/** A worker's encoder in the catalogue's terms; where it lies and how its tokens lie stays unknown. */
export function toEncoderInfo(summary: EncoderSummary): EncoderInfo {
  const { name, kind, family, inputSize, grid, channels, layerNames } = summary;
  const { sizeBytes, gigaMacsPerImage, textWidth, transformer } = summary;
  return {
    name,
    path: name,
    kind,
    family,
    inputSize,
    gridSize: grid,
    layers: channels.map((count, at) => ({
      name: layerNames[at] ?? `layer ${at + 1}`,
      channels: count,
      origin: 0,
      stride: inputSize / grid,
    })),
    sizeBytes,
    gigaMacsPerImage,
    globals: false,
    space: "raw",
    text: textWidth === null ? null : { width: textWidth },
    transformer,
  };
}
