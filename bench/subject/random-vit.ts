import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { sample, type Tensor, writeSafetensors } from "@loupe/model/engine";

export type VitSizes = {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly imageSize: number;
  readonly patchSize: number;
};

/** Write a ViT with random weights as the hub stores one: the speed does not know the difference. */
export async function writeRandomVit(folder: string, sizes: VitSizes): Promise<void> {
  const { width, depth, heads, imageSize, patchSize } = sizes;
  const tensors: Record<string, Tensor> = {};
  const add = (name: string, ...shape: number[]): void => {
    const seed = Object.keys(tensors).length;
    tensors[name] = sample({ kind: "uniform", low: -0.04, high: 0.04 }, shape, seed);
  };
  const linear = (name: string, from: number, to: number): void => {
    add(`${name}.weight`, to, from);
    add(`${name}.bias`, to);
  };
  const norm = (name: string): void => {
    add(`${name}.weight`, width);
    add(`${name}.bias`, width);
  };
  add("embeddings.cls_token", 1, 1, width);
  add("embeddings.position_embeddings", 1, (imageSize / patchSize) ** 2 + 1, width);
  add("embeddings.patch_embeddings.projection.weight", width, 3, patchSize, patchSize);
  add("embeddings.patch_embeddings.projection.bias", width);
  for (let block = 0; block < depth; block++) {
    const prefix = `encoder.layer.${block}`;
    norm(`${prefix}.layernorm_before`);
    for (const part of ["query", "key", "value"]) {
      linear(`${prefix}.attention.attention.${part}`, width, width);
    }
    linear(`${prefix}.attention.output.dense`, width, width);
    norm(`${prefix}.layernorm_after`);
    linear(`${prefix}.intermediate.dense`, width, 4 * width);
    linear(`${prefix}.output.dense`, 4 * width, width);
  }
  norm("layernorm");
  await mkdir(folder, { recursive: true });
  const config = {
    model_type: "vit",
    hidden_size: width,
    num_hidden_layers: depth,
    num_attention_heads: heads,
    intermediate_size: 4 * width,
    hidden_act: "gelu",
    layer_norm_eps: 1e-12,
    image_size: imageSize,
    patch_size: patchSize,
    num_channels: 3,
    qkv_bias: true,
  };
  const normalisation = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(join(folder, "preprocessor_config.json"), JSON.stringify(normalisation));
  await writeSafetensors(join(folder, "model.safetensors"), tensors, {});
}
