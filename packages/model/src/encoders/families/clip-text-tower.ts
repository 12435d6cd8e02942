import { z } from "zod";

import {
  add,
  concat,
  constant,
  constantOf,
  inScope,
  matMul,
  reshape,
  slice,
  type Value,
} from "../../graph/index.ts";
import { layerNormLayer, type Parameters, transformerBlock, zerosInit } from "../../nn/index.ts";
import { float32, formatShape } from "../../tensor/index.ts";
import type { Safetensors } from "../safetensors/open-safetensors.ts";
import type { TextTower } from "../text-tower.ts";
import { CLIP_END, CLIP_START, CLIP_TOKENS, clipPhraseTokens } from "./clip-phrases.ts";
import { loadedParameters, readFloats } from "./loaded-parameters.ts";
import { type BlockShape, blockOptions } from "./vision-transformer.ts";
import {
  blockSources,
  CLIP_BLOCK_NAMES,
  kept,
  turned,
  type WeightSource,
} from "./weight-source.ts";

/** Defaults are those of the family, which newer files leave out. */
export const ClipTextConfig = z.looseObject({
  hidden_size: z.int().positive().default(512),
  num_hidden_layers: z.int().positive().default(12),
  num_attention_heads: z.int().positive().default(8),
  intermediate_size: z.int().positive().default(2048),
  hidden_act: z.enum(["gelu", "quick_gelu"]).default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  max_position_embeddings: z.int().positive().default(77),
});
export type ClipTextConfig = z.infer<typeof ClipTextConfig>;

/** Names of the tower's weights in a graph begin so, apart from those of what is trained. */
const SCOPE = "text-tower/";
/** Low enough to vanish in a softmax, and finite so that no gradient becomes NaN. */
const HIDDEN = -1e9;

type Tower = {
  readonly parameters: Parameters;
  readonly shape: BlockShape;
  readonly width: number;
  readonly maxTokens: number;
  /** Vectors of the tokens that a phrase may hold, each [width of the blocks]. */
  readonly words: ReadonlyMap<number, Float32Array>;
};

function sourcesOf(shape: BlockShape): Map<string, WeightSource> {
  const at = (key: string): WeightSource => kept(`text_model.${key}`);
  return new Map([
    ["positions", at("embeddings.position_embedding.weight")],
    ...Array.from({ length: shape.depth }, (_, index) =>
      blockSources(index + 1, `text_model.encoder.layers.${index}.`, CLIP_BLOCK_NAMES),
    ).flat(),
    ["norm/scale", at("final_layer_norm.weight")],
    ["norm/bias", at("final_layer_norm.bias")],
    ["projection", turned("text_projection.weight")],
  ]);
}

async function readWords(file: Safetensors, width: number): Promise<Map<number, Float32Array>> {
  const { data, shape } = await readFloats(file, "text_model.embeddings.token_embedding.weight");
  if (!(data instanceof Float32Array) || shape.length !== 2 || shape[1] !== width) {
    throw new Error(
      `Expected word vectors of width ${width}, got an array of ${formatShape(shape)}. The ` +
        "configuration does not fit the weights.",
    );
  }
  const rows = CLIP_TOKENS.map((token) => {
    const row = data.slice(token * width, (token + 1) * width);
    if (row.length !== width) throw new Error(`Expected a vector of token ${token}, got none.`);
    return [token, row] as const;
  });
  return new Map(rows);
}

/** Word vectors [n, positions, width] of fixed tokens; positions without a token hold zeros. */
function wordVectors({ words, shape: { width } }: Tower, tokens: readonly number[][]): Value {
  const positions = Math.max(...tokens.map((row) => row.length));
  const values = new Float32Array(tokens.length * positions * width);
  for (const [n, row] of tokens.entries()) {
    for (const [position, token] of row.entries()) {
      const vector = words.get(token);
      if (vector === undefined) throw new Error(`Expected a known token, got ${token}.`);
      values.set(vector, (n * positions + position) * width);
    }
  }
  return constant(float32([tokens.length, positions, width], values));
}

/** Scores of later positions are pushed out of the softmax, [positions, positions]. */
function causalMask(positions: number): Value {
  const mask = Float32Array.from({ length: positions ** 2 }, (_, index) =>
    index % positions > Math.floor(index / positions) ? HIDDEN : 0,
  );
  return constantOf(mask, [positions, positions]);
}

/** x [n, positions, width] at one position of each row, [n, width]. */
function pick(x: Value, at: readonly number[]): Value {
  const [n = 1, positions = 1, width = 1] = x.shape;
  const chosen = new Float32Array(n * positions);
  for (const [row, position] of at.entries()) chosen[row * positions + position] = 1;
  return reshape(matMul(constantOf(chosen, [n, 1, positions]), x), [n, width]);
}

function encode(tower: Tower, prompts: Value, phrases: readonly string[]): Value {
  const { parameters: p, shape, width, maxTokens } = tower;
  const [n = 0, length = 0, given] = prompts.shape;
  if (prompts.shape.length !== 3 || given !== shape.width || phrases.length !== n) {
    throw new Error(
      `Expected prompts of shape [${phrases.length}, length, ${shape.width}], a phrase each, got ` +
        `${formatShape(prompts.shape)}.`,
    );
  }
  // Attention looks back only, so what would follow the longest end token cannot change anything.
  const endings = phrases.map((phrase) => [...clipPhraseTokens(phrase), CLIP_END]);
  const start = wordVectors(
    tower,
    phrases.map(() => [CLIP_START]),
  );
  const words = concat([start, prompts, wordVectors(tower, endings)], 1);
  const [, positions = 1] = words.shape;
  if (positions > maxTokens) {
    throw new Error(
      `Expected at most ${maxTokens} tokens in a prompt, got ${positions}. Shorten the prompts.`,
    );
  }
  const table = p.get("positions", [maxTokens, shape.width], zerosInit);
  let x = add(words, slice(table, { axis: 0, start: 0, end: positions }));
  const options = { ...blockOptions(shape), mask: causalMask(positions) };
  for (let block = 1; block <= shape.depth; block++) {
    x = inScope(`text${block}`, () => transformerBlock(p.scope(`block${block}`), x, options));
  }
  const ends = pick(
    x,
    endings.map((ending) => length + ending.length),
  );
  const normal = layerNormLayer(p.scope("norm"), ends, shape.epsilon);
  return matMul(normal, p.get("projection", [shape.width, width], zerosInit));
}

/**
 * CLIP's text transformer (Radford et al. 2021) with its weights from `file`, frozen.
 *
 * A prompt is the start token, the learnable vectors, the phrase and the end token; the feature is
 * the normed output at the end token, projected to the joint space.
 */
export async function clipTextTower(
  file: Safetensors,
  { config, width }: { config: ClipTextConfig; width: number },
): Promise<TextTower> {
  const shape: BlockShape = {
    width: config.hidden_size,
    depth: config.num_hidden_layers,
    heads: config.num_attention_heads,
    hidden: config.intermediate_size,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
  };
  const words = await readWords(file, shape.width);
  const parameters = await loadedParameters(file, sourcesOf(shape), SCOPE);
  const maxTokens = config.max_position_embeddings;
  const tower = { parameters, shape, width, maxTokens, words };
  return {
    width,
    embeddingWidth: shape.width,
    encode: (prompts, phrases) => encode(tower, prompts, phrases),
  };
}
