import type { Sweep, Swept } from "./blob-store.ts";
import type { ListedObject, ObjectStore } from "./object-store.ts";

/** Names that one question asks about. */
const BATCH = 500;

/** What is kept or goes as one, by the name that a row would have for it. */
type Sweepable = { readonly name: string; readonly key: string; readonly sizeBytes: number };

/**
 * Remove the blobs below a name that nobody uses and that have been there for a while.
 *
 * One whose age begins anew between the question and the removal stays.
 */
export async function sweepObjects(
  objects: ObjectStore,
  below: string,
  sweep: Sweep,
): Promise<Swept> {
  const swept = { count: 0, sizeBytes: 0 };
  let old: Sweepable[] = [];
  const removeOld = async (): Promise<void> => {
    for (const { name, sizeBytes } of await listUnused(old, sweep)) {
      const now = await objects.head(name);
      if (now === null || !isOld(now.storedAt, sweep)) continue;
      await objects.delete(name);
      swept.count++;
      swept.sizeBytes += sizeBytes;
    }
    old = [];
  };
  for await (const { name, sizeBytes, storedAt } of objects.list(below)) {
    if (!isOld(storedAt, sweep)) continue;
    old.push({ name, key: name.slice(name.lastIndexOf("/") + 1), sizeBytes });
    if (old.length >= BATCH) await removeOld();
  }
  await removeOld();
  return swept;
}

/** Remove what lies below a name, each file or folder as one: it is as old as its newest file. */
export async function sweepTrees(
  objects: ObjectStore,
  below: string,
  sweep: Sweep,
): Promise<Swept> {
  const trees = new Map<string, { newest: Date; sizeBytes: number }>();
  for await (const object of objects.list(below)) {
    const key = keyBelow(below, object);
    const tree = trees.get(key) ?? { newest: object.storedAt, sizeBytes: 0 };
    const newest = tree.newest > object.storedAt ? tree.newest : object.storedAt;
    trees.set(key, { newest, sizeBytes: tree.sizeBytes + object.sizeBytes });
  }
  const old: Sweepable[] = [];
  for (const [key, { newest, sizeBytes }] of trees) {
    if (isOld(newest, sweep)) old.push({ name: `${below}/${key}`, key, sizeBytes });
  }
  const swept = { count: 0, sizeBytes: 0 };
  for (let start = 0; start < old.length; start += BATCH) {
    for (const { name, sizeBytes } of await listUnused(old.slice(start, start + BATCH), sweep)) {
      await objects.deleteTree(name);
      swept.count++;
      swept.sizeBytes += sizeBytes;
    }
  }
  return swept;
}

function keyBelow(below: string, { name }: ListedObject): string {
  const [key = ""] = name.slice(below.length + 1).split("/", 1);
  return key;
}

async function listUnused(old: readonly Sweepable[], sweep: Sweep): Promise<Sweepable[]> {
  if (old.length === 0) return [];
  const used = await sweep.findUsed(old.map(({ key }) => key));
  return old.filter(({ key }) => !used.has(key));
}

function isOld(storedAt: Date, { olderThanMs }: Sweep): boolean {
  return Date.now() - storedAt.getTime() > olderThanMs;
}
