import { join } from "node:path";

import type { RunId } from "@loupe/contracts";

import type { WorkerFolders } from "../worker-services.ts";

/** Where one run keeps its files until it has ended. */
export type RunFolder = {
  readonly root: string;
  readonly checkpoints: string;
  readonly journal: string;
  /** Written in one step, so that its presence means that training is done. */
  readonly model: string;
};

export function runFolder(folders: Pick<WorkerFolders, "runs">, runId: RunId): RunFolder {
  const root = join(folders.runs, runId);
  return {
    root,
    checkpoints: join(root, "checkpoints"),
    journal: join(root, "curve.jsonl"),
    model: join(root, "model.loupe"),
  };
}
