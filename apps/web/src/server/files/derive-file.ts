import { randomUUID } from "node:crypto";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

export type DerivedFile = {
  readonly cacheFolder: string;
  /** Path below the cache folder; names the source's hash and what was made of it. */
  readonly name: string;
  /** Writes the file. Runs once for callers that come together. */
  readonly make: (path: string) => Promise<void>;
};

/** Decoding holds whole pictures in memory: a page of a hundred thumbnails waits in line. */
const MAX_AT_ONCE = 2;

const underWay = new Map<string, Promise<string>>();
const waiting: (() => void)[] = [];
let running = 0;

/**
 * The path of a file made from a blob, made now unless it is there already.
 *
 * Complete or absent: it is written beside its place and renamed. The folder
 * may be emptied at any time.
 */
export function deriveFile(file: DerivedFile): Promise<string> {
  const path = join(file.cacheFolder, file.name);
  const known = underWay.get(path);
  if (known !== undefined) return known;
  const made = makeUnlessThere(path, file).finally(() => underWay.delete(path));
  underWay.set(path, made);
  return made;
}

async function makeUnlessThere(path: string, file: DerivedFile): Promise<string> {
  if (await exists(path)) return path;
  await takeTurn();
  const draft = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await file.make(draft);
    await rename(draft, path);
    return path;
  } finally {
    await rm(draft, { force: true });
    passTurn();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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
