import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export type DerivedFile = {
  readonly cacheFolder: string;
  /** Path below the cache folder; names the source's hash and what was made of it. */
  readonly name: string;
  /** Makes the content. Runs once for callers that come together. */
  readonly make: () => Promise<Uint8Array>;
};

/** Decoding holds whole pictures in memory: a page of a hundred thumbnails waits in line. */
const MAX_AT_ONCE = 2;

const underWay = new Map<string, Promise<Uint8Array>>();
const waiting: (() => void)[] = [];
let running = 0;

/**
 * The content of a small file made from a blob, made now unless it is there already.
 *
 * Complete or absent: it is written beside its place and renamed. The folder
 * may be emptied at any time; on a disk that takes nothing more the content is
 * made for each caller.
 */
export function deriveFile(file: DerivedFile): Promise<Uint8Array> {
  const path = join(file.cacheFolder, file.name);
  const known = underWay.get(path);
  if (known !== undefined) return known;
  const made = makeUnlessThere(path, file).finally(() => underWay.delete(path));
  underWay.set(path, made);
  return made;
}

async function makeUnlessThere(path: string, file: DerivedFile): Promise<Uint8Array> {
  const known = await readFile(path).catch(() => null);
  if (known !== null) return known;
  await takeTurn();
  try {
    const bytes = await file.make();
    await keep(path, bytes);
    return bytes;
  } finally {
    passTurn();
  }
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

async function takeTurn(): Promise<void> {
  if (running < MAX_AT_ONCE) running++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

function passTurn(): void {
  const next = waiting.shift();
  if (next === undefined) running--;
  else next();
}
