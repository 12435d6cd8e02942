import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";

import type { EncoderLayer } from "../../catalog/encoder-info.ts";
import { viewEncoder } from "../../catalog/encoder-view.ts";
import type { EncoderFamily, EncoderSource } from "../encoder-source.ts";
import { featureType } from "../feature-layout.ts";
import type { PixelNormalisation } from "../pixel-normalisation.ts";
import { outputNames, poolingWindow, tokenMapModel, type TokenLayer } from "./token-map-model.ts";

/** A convolutional network given as `model.onnx`, known by the names of its outputs. */
export type ConvFamilyOptions = {
  readonly name: string;
  readonly inputSize: number;
  readonly gridSize: number;
  readonly layers: readonly [TokenLayer, TokenLayer, TokenLayer];
  readonly normalisation: PixelNormalisation;
  readonly gigaMacsPerImage: number;
};

function pooledLayer(layer: TokenLayer, gridSize: number): EncoderLayer {
  const { kernel, step } = poolingWindow(layer, gridSize);
  return {
    name: layer.name,
    channels: layer.channels,
    origin: layer.origin + (layer.stride * (kernel - 1)) / 2,
    stride: layer.stride * step,
  };
}

/** The family of all `model.onnx` folders whose outputs include the given layers. */
export function convFamily(options: ConvFamilyOptions): EncoderFamily {
  const { name, inputSize, gridSize, layers, normalisation, gigaMacsPerImage } = options;
  return {
    name,
    async recognise(folder, view): Promise<EncoderSource | null> {
      const file = join(folder, "model.onnx");
      const found = await stat(file).catch(() => null);
      if (found === null) return null;
      const outputs = new Set(outputNames(await readFile(file), file));
      if (!layers.every((layer) => outputs.has(layer.name))) return null;

      return {
        info: viewEncoder(
          {
            name: basename(folder),
            path: folder,
            family: name,
            kind: "conv",
            inputSize,
            gridSize,
            layers: layers.map((layer) => pooledLayer(layer, gridSize)),
            sizeBytes: found.size,
            gigaMacsPerImage,
            globals: false,
            space: "raw",
            text: null,
            transformer: null,
          },
          view,
        ),
        normalisation,
        files: [file],
        async buildModel(batch, target) {
          return tokenMapModel(await readFile(file), {
            batch,
            inputSize,
            gridSize,
            layers,
            type: featureType(target),
          });
        },
      };
    },
  };
}
