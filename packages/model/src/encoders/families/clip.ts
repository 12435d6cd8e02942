import { z } from "zod";

import { openSafetensors } from "../safetensors/open-safetensors.ts";
import type { TextTower } from "../text-tower.ts";
import type { CheckpointFamily, CheckpointModel } from "./checkpoint-family.ts";
import { type CheckpointFolder, parseConfig } from "./checkpoint-folder.ts";
import { ClipTextConfig, clipTextTower } from "./clip-text-tower.ts";
import { resizePositions } from "./resize-positions.ts";
import type { VisionRequest, VisionShape } from "./vision-transformer.ts";
import {
  blockSources,
  CLIP_BLOCK_NAMES,
  kept,
  reshapedTo,
  turned,
  type WeightSources,
} from "./weight-source.ts";

/** Defaults are those of the family, which newer files leave out. */
const ClipVisionConfig = z.looseObject({
  hidden_size: z.int().positive().default(768),
  num_hidden_layers: z.int().positive().default(12),
  num_attention_heads: z.int().positive().default(12),
  intermediate_size: z.int().positive().default(3072),
  hidden_act: z.enum(["gelu", "quick_gelu"]).default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  image_size: z.int().positive().default(224),
  patch_size: z.int().positive().default(32),
  num_channels: z.literal(3).default(3),
  projection_dim: z.int().positive().default(512),
});
type ClipVisionConfig = z.infer<typeof ClipVisionConfig>;

const ClipConfig = z.looseObject({
  vision_config: ClipVisionConfig.prefault({}),
  text_config: ClipTextConfig.prefault({}),
  projection_dim: z.int().positive().default(512),
});

function shapeOf(config: ClipVisionConfig, jointWidth: number | null): VisionShape {
  return {
    width: config.hidden_size,
    depth: config.num_hidden_layers,
    heads: config.num_attention_heads,
    hidden: config.intermediate_size,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
    patch: config.patch_size,
    trainedSize: config.image_size,
    hasPatchBias: false,
    leading: 1,
    registers: 0,
    hasFirstNorm: true,
    jointWidth,
  };
}

function clipSources(
  { shape, prefix }: { shape: VisionShape; prefix: string },
  { blocks, inputSize, space }: Omit<VisionRequest, "batch">,
): WeightSources {
  const resize = { leading: 1, side: inputSize / shape.patch, filter: "bicubic" } as const;
  return new Map([
    ["patch/weight", kept(`${prefix}embeddings.patch_embedding.weight`)],
    ["class", reshapedTo([1, 1, shape.width], `${prefix}embeddings.class_embedding`)],
    [
      "positions",
      {
        key: `${prefix}embeddings.position_embedding.weight`,
        adapt: (weight) => resizePositions(weight, resize),
      },
    ],
    // The name is misspelt on the hub.
    ["norm0/scale", kept(`${prefix}pre_layrnorm.weight`)],
    ["norm0/bias", kept(`${prefix}pre_layrnorm.bias`)],
    ...Array.from({ length: Math.max(...blocks) }, (_, index) =>
      blockSources(index + 1, `${prefix}encoder.layers.${index}.`, CLIP_BLOCK_NAMES),
    ).flat(),
    ...(space === "joint"
      ? ([
          ["joint/norm/scale", kept(`${prefix}post_layernorm.weight`)],
          ["joint/norm/bias", kept(`${prefix}post_layernorm.bias`)],
          ["joint/weight", turned("visual_projection.weight")],
        ] as const)
      : []),
  ]);
}

async function loadTower(
  folder: CheckpointFolder,
  options: { config: ClipTextConfig; width: number },
): Promise<TextTower> {
  const file = await openSafetensors(folder.weightsFile);
  try {
    return await clipTextTower(file, options);
  } finally {
    await file.close();
  }
}

function read(folder: CheckpointFolder, names: ReadonlySet<string>): CheckpointModel {
  const isWhole = folder.config.model_type === "clip";
  const whole = isWhole ? parseConfig(ClipConfig, folder.config, folder) : null;
  const config = whole?.vision_config ?? parseConfig(ClipVisionConfig, folder.config, folder);
  const projection = whole?.projection_dim ?? config.projection_dim;
  const shape = shapeOf(config, names.has("visual_projection.weight") ? projection : null);
  const prefix = names.has("vision_model.embeddings.class_embedding") ? "vision_model." : "";

  const hasText = whole !== null && names.has("text_projection.weight");
  const text = hasText ? { config: whole.text_config, width: projection } : null;
  return {
    shape,
    sources: (request) => clipSources({ shape, prefix }, request),
    ...(text !== null && { textTower: { width: text.width, load: () => loadTower(folder, text) } }),
  };
}

/**
 * CLIP's vision transformers (Radford et al. 2021), with the text tower where the file has it.
 *
 * Positions are resized as Hugging Face does it, bicubic over the grid; the class token keeps its
 * own.
 */
export const clip: CheckpointFamily = {
  name: "clip",
  modelTypes: ["clip", "clip_vision_model"],
  read,
};
