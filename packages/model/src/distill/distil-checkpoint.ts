import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { openSafetensors } from "../encoders/safetensors/open-safetensors.ts";
import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import type { TrainingState } from "../session/index.ts";
import type { Tensor } from "../tensor/index.ts";

/** Keep a run's whole state, replacing the one before it in one step. */
export async function writeDistilCheckpoint(
  path: string,
  configuration: string,
  { step, tensors }: TrainingState,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeSafetensors(path, tensors, {
    "loupe.distil": configuration,
    "loupe.step": String(step),
  });
}

/**
 * The state of a run that was cut off, or null when there is none.
 *
 * @throws when the file belongs to a run with other options
 */
export async function readDistilCheckpoint(
  path: string,
  configuration: string,
): Promise<TrainingState | null> {
  if ((await stat(path).catch(() => null)) === null) return null;
  const file = await openSafetensors(path);
  try {
    if (file.metadata["loupe.distil"] !== configuration) {
      throw new Error(
        `Expected a checkpoint of this corpus, teachers, seed, batch and rate, but ${path} ` +
          "belongs to another run. Name another --out, or remove it.",
      );
    }
    const tensors: Record<string, Tensor> = {};
    for (const name of file.names) tensors[name] = await file.read(name);
    return { step: Number(file.metadata["loupe.step"]), tensors };
  } finally {
    await file.close();
  }
}
