import { availableParallelism } from "node:os";

const MOST_THREADS = 8;

/** One for each core; they yield to everything else that runs. Never the job loop's own thread. */
export function renderingThreads(): number {
  return Math.max(1, Math.min(MOST_THREADS, availableParallelism()));
}
