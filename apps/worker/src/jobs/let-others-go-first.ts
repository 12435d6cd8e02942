import { readdir } from "node:fs/promises";
import { setPriority } from "node:os";

/**
 * Of a busy processor the rest gets about nine tenths, and an idle one is used in full: a
 * training beside an import is hardly slower, and people who import wait for pictures, not frames.
 */
export const NICE = 10;

/** Let every other process have the processor first, where the system allows to say so. */
export async function letOthersGoFirst(): Promise<void> {
  // Linux counts by thread: those that are there already do not follow the process.
  const threads = await readdir("/proc/self/task").catch(() => [String(process.pid)]);
  for (const thread of threads) {
    try {
      setPriority(Number(thread), NICE);
    } catch {
      // It has ended meanwhile, or the system does not let us: the work is the same without.
    }
  }
}
