import { stat } from "node:fs/promises";
import { basename, join } from "node:path";

import { viewEncoder } from "../../catalog/encoder-view.ts";
import {
  avgPool2d,
  cast,
  input,
  matMul,
  reshape,
  transpose,
  type Value,
} from "../../graph/index.ts";
import { type Parameters, storedParameters, zerosInit } from "../../nn/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { float32, fromFloat16, type Tensor } from "../../tensor/index.ts";
import type { EncoderFamily, EncoderSource } from "../encoder-source.ts";
import { featureType } from "../feature-layout.ts";
import { openSafetensors, type Safetensors } from "../safetensors/open-safetensors.ts";
import {
  LOUPE_CHANNELS,
  LOUPE_GRID_SIZE,
  LOUPE_INPUT_SIZE,
  LOUPE_NORMALISATION,
  loupeTrunk,
} from "./loupe-graph.ts";

export const LOUPE_FILE = "loupe.safetensors";
/** Key of the file's metadata that says which architecture its weights belong to. */
export const LOUPE_KEY = "loupe.encoder";
export const LOUPE_VERSION = "2";

const LAYER_NAMES = ["fine", "middle", "deep"] as const;

async function readWeights(file: Safetensors): Promise<Record<string, Tensor>> {
  const weights: Record<string, Tensor> = {};
  for (const name of file.names) {
    const { data, dtype, shape } = await file.read(name);
    if (!(data instanceof Uint16Array)) {
      throw new Error(`Expected weight ${name} in half precision, got ${dtype}.`);
    }
    weights[name] = float32(shape, fromFloat16(data));
  }
  return weights;
}

/** The trunk's weights of an encoder in this folder, of whatever version, for another to begin with. */
export async function readLoupeTrunk(folder: string): Promise<Record<string, Tensor>> {
  const file = await openSafetensors(join(folder, LOUPE_FILE));
  try {
    const weights = Object.entries(await readWeights(file));
    return Object.fromEntries(weights.filter(([name]) => !name.startsWith("expose")));
  } finally {
    await file.close();
  }
}

/** A map [n, c, h, w] on the token grid and in the teachers' metric, [n, tokens, c]. */
function toTokens(p: Parameters, map: Value, level: number): Value {
  const [n = 1, channels = 1, side = 1] = map.shape;
  const window = side / LOUPE_GRID_SIZE;
  const pooled = window === 1 ? map : avgPool2d(map, { kernel: [window, window] });
  const rows = transpose(reshape(pooled, [n, channels, LOUPE_GRID_SIZE ** 2]), [0, 2, 1]);
  return matMul(rows, p.get(`expose${level}`, [channels, channels], zerosInit));
}

/**
 * The encoder that ships: a small residual network that learned by distillation what larger ones
 * see (docs/encoder-loupe.md).
 *
 * Windows are centred on the squares of their stride, so token i is centred on pixel 16 i + 7.5.
 */
export const loupe: EncoderFamily = {
  name: "loupe",
  async recognise(folder, view): Promise<EncoderSource | null> {
    const path = join(folder, LOUPE_FILE);
    const found = await stat(path).catch(() => null);
    if (found === null) return null;
    const stride = LOUPE_INPUT_SIZE / LOUPE_GRID_SIZE;
    return {
      info: viewEncoder(
        {
          name: basename(folder),
          path: folder,
          family: "loupe",
          kind: "conv",
          inputSize: LOUPE_INPUT_SIZE,
          gridSize: LOUPE_GRID_SIZE,
          layers: LAYER_NAMES.map((name, level) => ({
            name,
            channels: LOUPE_CHANNELS[level] ?? 1,
            origin: (stride - 1) / 2,
            stride,
          })),
          sizeBytes: found.size,
          gigaMacsPerImage: 0.89,
          globals: false,
          space: "raw",
          text: null,
          transformer: null,
        },
        view,
      ),
      normalisation: { mean: [...LOUPE_NORMALISATION.mean], std: [...LOUPE_NORMALISATION.std] },
      files: [path],
      async buildModel(batch, target) {
        const file = await openSafetensors(path);
        try {
          const version = file.metadata[LOUPE_KEY];
          if (version !== LOUPE_VERSION) {
            throw new Error(
              `Expected encoder weights of version ${LOUPE_VERSION} in ${path}, got ` +
                `${version ?? "another file"}.`,
            );
          }
          const parameters = storedParameters(await readWeights(file));
          const side = LOUPE_INPUT_SIZE;
          const maps = loupeTrunk(parameters, input("pixels", [batch, 3, side, side]), "planes");
          const outputs = maps.map((map, level) => {
            const tokens = toTokens(parameters, map, level);
            return [`tokens${level}`, cast(tokens, featureType(target))] as const;
          });
          return exportModel({ outputs: Object.fromEntries(outputs), target });
        } finally {
          await file.close();
        }
      },
    };
  },
};
