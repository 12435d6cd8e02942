import type { WorkerView } from "@loupe/contracts";
import { DEFAULT_ENCODER } from "@loupe/model";

/** Our own encoder where a worker has it, else the smallest that one has; null without any. */
export function chooseEncoder(workers: readonly WorkerView[]): string | null {
  const encoders = workers
    .flatMap((worker) => worker.encoders)
    .toSorted((a, b) => a.sizeBytes - b.sizeBytes);
  const ours = encoders.find(({ name }) => name === DEFAULT_ENCODER);
  return (ours ?? encoders[0])?.name ?? null;
}
