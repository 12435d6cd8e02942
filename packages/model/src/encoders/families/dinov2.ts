import { z } from "zod";

import type { CheckpointFamily, CheckpointModel } from "./checkpoint-family.ts";
import { type CheckpointFolder, parseConfig } from "./checkpoint-folder.ts";
import { prefixIn, VitConfig, vitShape, vitSources } from "./vit.ts";
import type { VisionShape } from "./vision-transformer.ts";
import type { BlockNames } from "./weight-source.ts";

/** DINOv2 says how many times wider the hidden layer is; only its giant has a gated one. */
const Dinov2Config = VitConfig.omit({ intermediate_size: true }).extend({
  mlp_ratio: z.number().positive().default(4),
  use_swiglu_ffn: z.literal(false).default(false),
  num_register_tokens: z.int().positive().default(4),
});

const BLOCK_NAMES: BlockNames = {
  norm1: "norm1",
  query: "attention.attention.query",
  key: "attention.attention.key",
  value: "attention.attention.value",
  output: "attention.output.dense",
  norm2: "norm2",
  mlpIn: "mlp.fc1",
  mlpOut: "mlp.fc2",
  scales: ["layer_scale1.lambda1", "layer_scale2.lambda1"],
};

type Variant = { readonly prefix: string; readonly hasRegisters: boolean };

function read(
  folder: CheckpointFolder,
  names: ReadonlySet<string>,
  variant: Variant,
): CheckpointModel {
  const config = parseConfig(Dinov2Config, folder.config, folder);
  const hidden = Math.trunc(config.hidden_size * config.mlp_ratio);
  const shape: VisionShape = {
    ...vitShape({ ...config, intermediate_size: hidden }),
    leading: 1,
    registers: variant.hasRegisters ? config.num_register_tokens : 0,
  };
  const layout = {
    shape,
    prefix: prefixIn(names, variant.prefix),
    blockNames: BLOCK_NAMES,
    filter: variant.hasRegisters ? "antialiased" : "bicubic",
  } as const;
  return { shape, sources: (request) => vitSources(layout, request) };
}

/** DINOv2 (Oquab et al. 2024), small to large. */
export const dinov2: CheckpointFamily = {
  name: "dinov2",
  modelTypes: ["dinov2"],
  read: (folder, names) => read(folder, names, { prefix: "dinov2.", hasRegisters: false }),
};

/** DINOv2 with register tokens (Darcet et al. 2024), which take part but are no output. */
export const dinov2WithRegisters: CheckpointFamily = {
  name: "dinov2-with-registers",
  modelTypes: ["dinov2_with_registers"],
  read: (folder, names) =>
    read(folder, names, { prefix: "dinov2_with_registers.", hasRegisters: true }),
};
