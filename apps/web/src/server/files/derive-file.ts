import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export type DerivedFile = {
  readonly cacheFolder: string;
  /** Path below the cache folder; names the source's hash and what was made of it. */
  readonly name: string;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  /**
   * Makes the content. Runs once for callers that come together; its signal is aborted when all of
   * them are gone.
   */
  readonly make: (signal: AbortSignal) => Promise<Uint8Array>;
};

type Making = {
  readonly made: Promise<Uint8Array>;
  readonly stop: AbortController;
  callers: number;
};

const underWay = new Map<string, Making>();

/**
 * The content of a small file made from a blob, made now unless it is there already.
 *
 * Complete or absent: it is written beside its place and renamed. The folder
 * may be emptied at any time; on a disk that takes nothing more the content is
 * made for each caller.
 *
 * @throws the signal's reason when the caller goes away before
 */
export async function deriveFile(file: DerivedFile): Promise<Uint8Array> {
  const { signal } = file;
  signal.throwIfAborted();
  const path = join(file.cacheFolder, file.name);
  const making = underWay.get(path) ?? begin(path, file);
  making.callers++;
  let leave = () => {};
  const gone = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([making.made, gone]);
  } finally {
    signal.removeEventListener("abort", leave);
    making.callers--;
    if (making.callers === 0) {
      // Whoever comes now begins anew rather than joining what is being given up.
      if (underWay.get(path) === making) underWay.delete(path);
      making.stop.abort();
    }
  }
}

function begin(path: string, file: DerivedFile): Making {
  const stop = new AbortController();
  const made = makeUnlessThere(path, file, stop.signal);
  // Its callers may all be gone when it fails.
  made.catch(() => undefined);
  const making = { made, stop, callers: 0 };
  underWay.set(path, making);
  return making;
}

async function makeUnlessThere(
  path: string,
  file: DerivedFile,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const known = await readFile(path).catch(() => null);
  if (known !== null) return known;
  const bytes = await file.make(signal);
  await keep(path, bytes);
  return bytes;
}

async function keep(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, bytes, { mode: 0o600 });
    await rename(draft, path);
  } catch {
    // A full or read-only disk takes away the cache, not what people look at.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
