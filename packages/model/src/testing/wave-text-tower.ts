import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { clipTextTower, ClipTextConfig } from "../encoders/families/clip-text-tower.ts";
import { openSafetensors } from "../encoders/safetensors/open-safetensors.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import type { TextTower } from "../encoders/text-tower.ts";
import { float32, type Tensor } from "../tensor/index.ts";
import { phaseOf, wave } from "./wave-parameters.ts";

/** Width of the space that the tower's texts share with pictures. */
const JOINT_WIDTH = 64;
const WIDTH = 16;
const HIDDEN = 32;
const BLOCKS = 2;
const POSITIONS = 20;
const VOCABULARY = 49408;

function shapes(): Record<string, readonly number[]> {
  const all: Record<string, readonly number[]> = {
    "embeddings.token_embedding.weight": [VOCABULARY, WIDTH],
    "embeddings.position_embedding.weight": [POSITIONS, WIDTH],
    "final_layer_norm.weight": [WIDTH],
    "final_layer_norm.bias": [WIDTH],
  };
  for (let index = 0; index < BLOCKS; index++) {
    const dense: [string, number, number][] = [
      ...["q", "k", "v", "out"].map((part): [string, number, number] => {
        return [`self_attn.${part}_proj`, WIDTH, WIDTH];
      }),
      ["mlp.fc1", HIDDEN, WIDTH],
      ["mlp.fc2", WIDTH, HIDDEN],
    ];
    for (const [module, rows, columns] of dense) {
      all[`encoder.layers.${index}.${module}.weight`] = [rows, columns];
      all[`encoder.layers.${index}.${module}.bias`] = [rows];
    }
    for (const norm of ["layer_norm1", "layer_norm2"]) {
      all[`encoder.layers.${index}.${norm}.weight`] = [WIDTH];
      all[`encoder.layers.${index}.${norm}.bias`] = [WIDTH];
    }
  }
  return all;
}

/** An array by the formula, around 1 for the scale of a norm. */
function waveTensor(name: string, shape: readonly number[]): Tensor {
  const offset = /norm\d?\.weight$/.test(name) ? 1 : 0;
  return float32(
    shape,
    wave(shape, phaseOf(name), 0.1).map((value) => value + offset),
  );
}

/** CLIP's text tower at its smallest, with the weights of `bench/reference/cnc.py`. */
export async function waveTextTower(): Promise<TextTower> {
  const tensors: Record<string, Tensor> = {
    "text_projection.weight": waveTensor("text_projection.weight", [JOINT_WIDTH, WIDTH]),
  };
  for (const [key, shape] of Object.entries(shapes())) {
    const name = `text_model.${key}`;
    tensors[name] = waveTensor(name, shape);
  }
  const folder = await mkdtemp(join(tmpdir(), "loupe-text-"));
  try {
    const path = join(folder, "model.safetensors");
    await writeSafetensors(path, tensors, {});
    const file = await openSafetensors(path);
    try {
      const config = ClipTextConfig.parse({
        hidden_size: WIDTH,
        num_hidden_layers: BLOCKS,
        num_attention_heads: 2,
        intermediate_size: HIDDEN,
        max_position_embeddings: POSITIONS,
      });
      return await clipTextTower(file, { config, width: JOINT_WIDTH });
    } finally {
      await file.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
