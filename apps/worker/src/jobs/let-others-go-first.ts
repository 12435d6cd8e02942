import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { setPriority } from "node:os";

/** Share of a busy processor: about a tenth; an idle one is used in full. */
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

/**
 * Let a process, and what it starts later, have only what all others leave of the processor.
 *
 * A nice value is no help to a training: its threads wait for each other thousands of times a
 * second, and each time the scheduler lets whoever runs meanwhile finish its time slice. Only
 * Linux's idle class gives way at once, and only `chrt` of util-linux can set it. Where either is
 * missing the process keeps its nice value. There is no way back for an ordinary user.
 */
export async function takeOnlyWhatIsLeft(pid: number): Promise<void> {
  await new Promise<void>((resolve) => {
    execFile("chrt", ["-a", "-i", "-p", "0", String(pid)], () => {
      resolve();
    });
  });
}
