import type { ProjectEvent } from "@loupe/contracts";
import { partialMatchKey, QueryClient, type QueryKey } from "@tanstack/react-query";
import fc from "fast-check";

import type { LiveFold } from "../lib/live/live-cache.ts";
import type { Trpc } from "../lib/trpc.tsx";

/** What the server answers to each query at one moment. */
type Answers = readonly (readonly [QueryKey, unknown])[];

/** What happened in a project, and what the server answered after the first n events. */
export type Past = {
  readonly events: readonly ProjectEvent[];
  readonly answersAfter: (n: number) => Answers;
};

/** How a page lives through a past; numbers are taken modulo what there is. */
export const Watching = fc.record({
  /** How many events the first answers know already. */
  readAfter: fc.nat(),
  /** How many of these come late all the same. */
  late: fc.nat(),
  /** After each event, how many of the last are folded again, as onto an answer that was on its way. */
  again: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
  /** For each reading anew, how many later events its answer knows already. */
  ahead: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
});
type Watching = typeof Watching extends fc.Arbitrary<infer T> ? T : never;

/** Live through a past with a fold; returns what the page shows in the end, and what the server says. */
export function replay(
  { fold, trpc }: { readonly fold: LiveFold; readonly trpc: Trpc },
  { events, answersAfter }: Past,
  { readAfter, late, again, ahead }: Watching,
): { shown: Answers; told: Answers } {
  const client = new QueryClient();
  const read = (after: number, isAsked: (key: QueryKey) => boolean) => {
    for (const [key, answer] of answersAfter(after)) {
      // What is new is opened as soon as it is there.
      if (isAsked(key) || client.getQueryData(key) === undefined) client.setQueryData(key, answer);
    }
  };
  const known = readAfter % (events.length + 1);
  read(known, () => true);
  const first = known - (late % (known + 1));
  for (let at = first; at < events.length; at++) {
    const due: QueryKey[] = [];
    const nothing = () => undefined;
    const cache = { client, trpc, invalidate: nothing, readById: nothing };
    fold(events[at]!, { ...cache, invalidate: ({ queryKey }) => void due.push(queryKey) });
    const repeated = again[at % again.length]! % (at - first + 2);
    for (const event of events.slice(at + 1 - repeated, at + 1)) {
      fold(event, cache);
    }
    const after = at + 1 + (ahead[at % ahead.length]! % (events.length - at));
    read(after, (key) => due.some((queryKey) => partialMatchKey(key, queryKey)));
  }
  const told = answersAfter(events.length);
  return { told, shown: told.map(([key]) => [key, client.getQueryData(key)] as const) };
}
