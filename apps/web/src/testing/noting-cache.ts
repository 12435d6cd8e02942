import type { LiveCache } from "../lib/live/live-cache.ts";
import { answeringTrpc } from "./answering-trpc.ts";

/** A cache for a fold, which notes what is to be read again instead of asking for it. */
export function notingCache() {
  const { client, trpc } = answeringTrpc();
  const due: LiveCache["invalidate"] extends (filters: infer F) => void ? F[] : never = [];
  const ids: string[] = [];
  const cache: LiveCache = {
    client,
    trpc,
    invalidate: (filters) => void due.push(filters),
    readById: (_reader, named) => void ids.push(...named),
  };
  return {
    cache,
    client,
    trpc,
    due,
    ids,
    /** The procedures that are to be asked again, such as "runs.list". */
    paths: () => due.map(({ queryKey }) => (queryKey[0] as string[]).join(".")),
  };
}
