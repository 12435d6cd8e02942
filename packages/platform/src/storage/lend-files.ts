import type { ContentHash } from "@loupe/contracts";

import type { UseLocalFiles } from "./blob-store.ts";
import type { LocalFile } from "./object-store.ts";

/** Files that are brought at once. */
const AT_ONCE = 16;

/** Lend a local file for each key while `use` runs, and take all of them back, whatever happens. */
export async function lendFiles<T>(
  keys: readonly ContentHash[],
  lend: (key: ContentHash) => Promise<LocalFile>,
  use: UseLocalFiles<T>,
): Promise<T> {
  const lent = new Map<ContentHash, LocalFile>();
  const wanted = [...new Set(keys)];
  try {
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      const part = wanted.slice(start, start + AT_ONCE);
      const outcomes = await Promise.allSettled(
        part.map(async (key) => lent.set(key, await lend(key))),
      );
      // Only now, so that what was brought meanwhile is known and taken back.
      await Promise.all(outcomes.map(resultOf));
    }
    return await use((key) => {
      const file = lent.get(key);
      if (file === undefined) throw new Error(`Expected a key that was asked for, got ${key}.`);
      return file.path;
    });
  } finally {
    for (const file of lent.values()) await file.release();
  }
}

async function resultOf<T>(outcome: PromiseSettledResult<T>): Promise<T> {
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}
