import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { seededRandom } from "./seeded-random.ts";

const WIDTH = 64;
const HIDDEN = 128;
const DEPTH = 4;
const PATCH = 16;
const SIDE = 128;
const TOKENS = (SIDE / PATCH) ** 2 + 1;

/**
 * Write a small vision transformer with random weights, in Hugging Face's layout.
 *
 * Random features still tell a scratched part from a clean one, and every
 * machine can have them: the journey needs no downloaded weights.
 *
 * @returns the folder to put into LOUPE_ENCODERS; the encoder's name is "tiny"
 */
export async function writeTinyEncoder(parent: string): Promise<string> {
  const folder = join(parent, "tiny");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "config.json"),
    JSON.stringify({
      model_type: "vit",
      hidden_size: WIDTH,
      num_hidden_layers: DEPTH,
      num_attention_heads: 2,
      intermediate_size: HIDDEN,
      hidden_act: "gelu",
      layer_norm_eps: 1e-12,
      image_size: SIDE,
      patch_size: PATCH,
      num_channels: 3,
      qkv_bias: true,
    }),
  );
  await writeFile(
    join(folder, "preprocessor_config.json"),
    JSON.stringify({ image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] }),
  );
  await writeFile(join(folder, "model.safetensors"), safetensors(shapes()));
  return parent;
}

function shapes(): Record<string, readonly number[]> {
  const all: Record<string, readonly number[]> = {
    "embeddings.cls_token": [1, 1, WIDTH],
    "embeddings.position_embeddings": [1, TOKENS, WIDTH],
    "embeddings.patch_embeddings.projection.weight": [WIDTH, 3, PATCH, PATCH],
    "embeddings.patch_embeddings.projection.bias": [WIDTH],
    "layernorm.weight": [WIDTH],
    "layernorm.bias": [WIDTH],
  };
  for (let block = 0; block < DEPTH; block++) {
    const layer = `encoder.layer.${block}`;
    for (const norm of ["layernorm_before", "layernorm_after"]) {
      all[`${layer}.${norm}.weight`] = [WIDTH];
      all[`${layer}.${norm}.bias`] = [WIDTH];
    }
    const linears = {
      "attention.attention.query": [WIDTH, WIDTH],
      "attention.attention.key": [WIDTH, WIDTH],
      "attention.attention.value": [WIDTH, WIDTH],
      "attention.output.dense": [WIDTH, WIDTH],
      "intermediate.dense": [HIDDEN, WIDTH],
      "output.dense": [WIDTH, HIDDEN],
    };
    for (const [name, [out = 0, into = 0]] of Object.entries(linears)) {
      all[`${layer}.${name}.weight`] = [out, into];
      all[`${layer}.${name}.bias`] = [out];
    }
  }
  return all;
}

/** A safetensors file of F32 tensors: norms keep their scale, everything else is drawn. */
function safetensors(tensors: Record<string, readonly number[]>): Buffer {
  const random = seededRandom(7);
  const header: Record<string, unknown> = {};
  const parts: Float32Array[] = [];
  let offset = 0;
  for (const [name, shape] of Object.entries(tensors)) {
    const length = shape.reduce((product, size) => product * size, 1);
    const fanIn = length / (shape[0] ?? 1);
    // Uniform with variance 1 / fan-in keeps the size of what flows through.
    const bound = shape.length > 1 ? Math.sqrt(3 / Math.max(1, fanIn)) : 0.05;
    const isScale = /layernorm\w*\.weight$/.test(name);
    parts.push(Float32Array.from({ length }, () => (isScale ? 1 : (2 * random() - 1) * bound)));
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + 4 * length] };
    offset += 4 * length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, ...parts.map((part) => Buffer.from(part.buffer))]);
}
