import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { openSafetensors } from "../encoders/safetensors/open-safetensors.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import type { Tensor } from "../tensor/index.ts";

const FILE = "checkpoint.safetensors";

/** What a resumed run needs besides the tensors. */
export const Progress = z.strictObject({
  /** Steps done. */
  step: z.int().nonnegative(),
  /** Sum and number of the losses that the result's mean is made of. */
  tail: z.strictObject({ sum: z.number(), count: z.int().nonnegative() }),
});
export type Progress = z.infer<typeof Progress>;

export type Checkpoint = { readonly progress: Progress; readonly state: Record<string, Tensor> };

/** Path of the checkpoint in a run's folder. */
export function checkpointFile(folder: string): string {
  return join(folder, FILE);
}

/**
 * Keep a run's whole state in its folder, replacing the checkpoint before it in one step.
 *
 * @param configuration hash of everything that decides the run; only an equal run resumes from it
 */
export async function writeCheckpoint(
  folder: string,
  configuration: string,
  { progress, state }: Checkpoint,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeSafetensors(checkpointFile(folder), state, {
    "loupe.checkpoint": configuration,
    "loupe.progress": JSON.stringify(progress),
  });
}

/**
 * The checkpoint of a run of this configuration, or null when there is none.
 *
 * One of another configuration, or a damaged one, counts as none: the run starts anew and
 * replaces it.
 */
export async function readCheckpoint(
  folder: string,
  configuration: string,
): Promise<Checkpoint | null> {
  const path = checkpointFile(folder);
  if ((await stat(path).catch(() => null)) === null) return null;
  const file = await openSafetensors(path).catch(() => null);
  if (file === null) return null;
  try {
    if (file.metadata["loupe.checkpoint"] !== configuration) return null;
    const progress = Progress.parse(JSON.parse(file.metadata["loupe.progress"] ?? "null"));
    const state: Record<string, Tensor> = {};
    for (const name of file.names) state[name] = await file.read(name);
    return { progress, state };
  } finally {
    await file.close();
  }
}

/** Remove a run's checkpoint once its result is safe. */
export async function removeCheckpoint(folder: string): Promise<void> {
  await rm(checkpointFile(folder), { force: true });
}
