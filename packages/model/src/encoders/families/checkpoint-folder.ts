import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import type { PixelNormalisation } from "../pixel-normalisation.ts";

const Triple = z.tuple([z.number(), z.number(), z.number()]);
const Side = z.union([
  z.int().positive(),
  z.looseObject({ height: z.int().positive(), width: z.int().positive() }),
]);
const Preprocessor = z.looseObject({
  image_mean: Triple,
  image_std: Triple,
  crop_size: Side.nullish(),
});

export const CONFIG_FILE = "config.json";
export const PREPROCESSOR_FILE = "preprocessor_config.json";
export const WEIGHTS_FILE = "model.safetensors";

/** A folder with a model as it lies on the Hugging Face hub. */
export type CheckpointFolder = {
  readonly path: string;
  readonly configFile: string;
  readonly weightsFile: string;
  readonly weightsBytes: number;
  /** `config.json`, unchecked but for its `model_type`. */
  readonly config: Readonly<Record<string, unknown>> & { readonly model_type: string };
};

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new Error(`Expected a file at ${path}, but it cannot be read.`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Expected JSON in ${path}, got something else.`, { cause: error });
  }
}

/** What went wrong first, as the end of a sentence. */
function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "it has another form"}`;
}

/** The checkpoint in `folder`, or null when it does not hold one. */
export async function readCheckpointFolder(folder: string): Promise<CheckpointFolder | null> {
  const configFile = join(folder, CONFIG_FILE);
  const weightsFile = join(folder, WEIGHTS_FILE);
  const weights = await stat(weightsFile).catch(() => null);
  const hasConfig = (await stat(configFile).catch(() => null)) !== null;
  if (weights === null || !hasConfig) return null;
  const parsed = z.looseObject({ model_type: z.string() }).safeParse(await readJson(configFile));
  if (!parsed.success) return null;
  const { data: config } = parsed;
  return { path: folder, configFile, weightsFile, weightsBytes: weights.size, config };
}

/** A part of `config.json` in the form that its family has. @throws what is unknown, by name */
export function parseConfig<T extends z.ZodType>(
  schema: T,
  config: unknown,
  { configFile }: CheckpointFolder,
): z.infer<T> {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  throw new Error(
    `Expected a configuration that Loupe can build in ${configFile}, but of ` +
      `${firstIssue(parsed.error)}. Choose another encoder.`,
    { cause: parsed.error },
  );
}

/** How pictures are prepared: their normalisation, and the side they are cut to, if it is said. */
export async function readPreprocessor(
  folder: string,
): Promise<{ normalisation: PixelNormalisation; cropSize: number | null }> {
  const path = join(folder, PREPROCESSOR_FILE);
  const parsed = Preprocessor.safeParse(await readJson(path));
  if (!parsed.success) {
    throw new Error(
      `Expected image_mean and image_std in ${path}, but ${firstIssue(parsed.error)}.`,
      {
        cause: parsed.error,
      },
    );
  }
  const { image_mean: mean, image_std: std, crop_size: crop } = parsed.data;
  const side = typeof crop === "object" ? (crop?.height ?? null) : (crop ?? null);
  return { normalisation: { mean, std }, cropSize: side };
}
