import { z } from "zod";

import type { CheckpointFamily } from "./checkpoint-family.ts";
import { type CheckpointFolder, parseConfig } from "./checkpoint-folder.ts";
import { type PositionFilter, resizePositions } from "./resize-positions.ts";
import type { VisionRequest, VisionShape } from "./vision-transformer.ts";
import { type BlockNames, blockSources, kept, type WeightSources } from "./weight-source.ts";

/** What a ViT's `config.json` must say; other keys do not change its features. */
export const VitConfig = z.looseObject({
  hidden_size: z.int().positive(),
  num_hidden_layers: z.int().positive(),
  num_attention_heads: z.int().positive(),
  intermediate_size: z.int().positive(),
  hidden_act: z.enum(["gelu", "quick_gelu"]),
  layer_norm_eps: z.number().positive(),
  image_size: z.int().positive(),
  patch_size: z.int().positive(),
  num_channels: z.literal(3).default(3),
  qkv_bias: z.literal(true).default(true),
});
export type VitConfig = z.infer<typeof VitConfig>;

const BLOCK_NAMES: BlockNames = {
  norm1: "layernorm_before",
  query: "attention.attention.query",
  key: "attention.attention.key",
  value: "attention.attention.value",
  output: "attention.output.dense",
  norm2: "layernorm_after",
  mlpIn: "intermediate.dense",
  mlpOut: "output.dense",
};

export function vitShape(config: VitConfig): Omit<VisionShape, "leading" | "registers"> {
  return {
    width: config.hidden_size,
    depth: config.num_hidden_layers,
    heads: config.num_attention_heads,
    hidden: config.intermediate_size,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
    patch: config.patch_size,
    trainedSize: config.image_size,
    hasPatchBias: true,
    hasFirstNorm: false,
    jointWidth: null,
  };
}

/** Weights under a task's head lie behind the model's name, those of a bare model do not. */
export function prefixIn(names: ReadonlySet<string>, candidate: string): string {
  return names.has(`${candidate}embeddings.cls_token`) ? candidate : "";
}

type Layout = {
  readonly shape: VisionShape;
  readonly prefix: string;
  readonly blockNames: BlockNames;
  readonly filter: PositionFilter;
};

/** Where the weights of ViT, DeiT and DINOv2 lie, which share their layout but for the blocks. */
export function vitSources(
  { shape, prefix, blockNames, filter }: Layout,
  { blocks, inputSize }: Omit<VisionRequest, "batch">,
): WeightSources {
  const { leading, registers, patch } = shape;
  const at = (key: string) => kept(`${prefix}embeddings.${key}`);
  const resize = { leading, side: inputSize / patch, filter };
  const deepest = Math.max(...blocks);
  return new Map([
    ["patch/weight", at("patch_embeddings.projection.weight")],
    ["patch/bias", at("patch_embeddings.projection.bias")],
    ["class", at("cls_token")],
    ...(leading === 2 ? ([["distillation", at("distillation_token")]] as const) : []),
    ...(registers > 0 ? ([["registers", at("register_tokens")]] as const) : []),
    [
      "positions",
      { ...at("position_embeddings"), adapt: (weight) => resizePositions(weight, resize) },
    ],
    ...Array.from({ length: deepest }, (_, index) =>
      blockSources(index + 1, `${prefix}encoder.layer.${index}.`, blockNames),
    ).flat(),
  ]);
}

function read(folder: CheckpointFolder, names: ReadonlySet<string>, leading: 1 | 2) {
  const shape = {
    ...vitShape(parseConfig(VitConfig, folder.config, folder)),
    leading,
    registers: 0,
  };
  const prefix = prefixIn(names, leading === 2 ? "deit." : "vit.");
  const layout = { shape, prefix, blockNames: BLOCK_NAMES, filter: "bicubic" } as const;
  return {
    shape,
    sources: (request: Omit<VisionRequest, "batch">) => vitSources(layout, request),
  };
}

/** ViT (Dosovitskiy et al. 2021), which includes DeiT without distillation (Touvron et al. 2021). */
export const vit: CheckpointFamily = {
  name: "vit",
  modelTypes: ["vit"],
  read: (folder, names) => read(folder, names, 1),
};

/** DeiT (Touvron et al. 2021) with its distillation token behind the class token. */
export const deit: CheckpointFamily = {
  name: "deit",
  modelTypes: ["deit"],
  read: (folder, names) => read(folder, names, 2),
};
