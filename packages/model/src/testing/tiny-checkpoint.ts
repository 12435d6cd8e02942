import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import { float32, type Shape, sizeOf, type Tensor } from "../tensor/index.ts";

/** Outputs of one block for one picture, [tokens, channels] and [channels]. */
export type ReferenceLayer = { readonly tokens: number[]; readonly global: number[] };

/** What `bench/reference/encoders.py` wrote of one family. */
export type EncoderFixture = {
  readonly config: Record<string, unknown>;
  readonly weights: Record<string, Shape>;
  readonly cases: readonly {
    readonly inputSize: number;
    readonly space: "raw" | "joint";
    readonly layers: Readonly<Record<string, ReferenceLayer>>;
  }[];
  readonly text?: { readonly features: number[]; readonly gradient: number[] };
};

export type TinyFamily =
  "clip" | "clip-vision" | "deit" | "dinov2" | "dinov2-with-registers" | "vit";

export function readEncoderFixture(family: TinyFamily): EncoderFixture {
  const file = new URL(`../../test/fixtures/encoders/${family}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as EncoderFixture;
}

/** Uniform in -1 … 1: a hash of the name's character codes and of each place. */
export function noise(name: string, shape: Shape): Tensor {
  let seed = 0;
  for (const character of name) seed += character.codePointAt(0) ?? 0;
  const start = Math.imul(seed, 0x9e3779b9);
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, index) => {
    let x = (index + start) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
  return float32(shape, values);
}

/** Factors lie around 1, all else around 0. */
function weight(name: string, shape: Shape): Tensor {
  const isFactor = (name.includes("norm") && name.endsWith("weight")) || name.endsWith("lambda1");
  const offset = isFactor ? 1 : 0;
  const halved = Float32Array.from(noise(name, shape).data as Float32Array, (x) => x / 2);
  return float32(
    shape,
    halved.map((x) => x + offset),
  );
}

/**
 * Write a checkpoint of a few thousand weights with the hub's names into `folder`.
 *
 * Blocks are 8 wide, four deep, over patches of 4 of 16 pixels; CLIP has a text tower and a joint
 * space of 6. The weights are those of the reference.
 */
export async function writeTinyCheckpoint(
  folder: string,
  { config, weights }: Pick<EncoderFixture, "config" | "weights">,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  await writeFile(
    join(folder, "preprocessor_config.json"),
    JSON.stringify({ image_mean: [0.5, 0.25, 0.5], image_std: [0.5, 0.5, 0.25] }),
  );
  const tensors = Object.fromEntries(
    Object.entries(weights).map(([name, shape]) => [name, weight(name, shape)]),
  );
  await writeSafetensors(join(folder, "model.safetensors"), tensors, { format: "pt" });
}
