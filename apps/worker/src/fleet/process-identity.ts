import { createHash, randomBytes } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";

const WORKER_ID = /-([0-9a-f]{8})-(\d+)-[0-9a-f]{4}$/u;

/**
 * What tells process numbers of one machine from those of another: the boot and the pid namespace.
 *
 * Null where the system does not say (not Linux): then only silence shows that a worker is dead.
 */
export async function readProcessSpace(): Promise<string | null> {
  try {
    const [boot, namespace] = await Promise.all([
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
      readlink("/proc/self/ns/pid"),
    ]);
    return createHash("sha256").update(`${boot.trim()} ${namespace}`).digest("hex").slice(0, 8);
  } catch {
    return null;
  }
}

/** A name for this process that no other process ever has, and that people can read. */
export function nameWorker(name: string, space: string | null): string {
  return `${name}-${space ?? "00000000"}-${process.pid}-${randomBytes(2).toString("hex")}`;
}

/** True when a worker's process ran in our process space and is certainly gone. */
export function isProcessGone(workerId: string, space: string | null): boolean {
  const [, itsSpace, pid] = WORKER_ID.exec(workerId) ?? [];
  if (space === null || itsSpace !== space || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    // EPERM: it lives, under another account.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
