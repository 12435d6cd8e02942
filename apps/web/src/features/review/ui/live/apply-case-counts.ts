import { type CasePage, ListCasesInput, type ScopedCaseCounts } from "@loupe/contracts";

import type { LiveCache } from "../../../../lib/live/live-cache.ts";

type CountsNews = {
  /** Number of the event that brings them. */
  readonly sequence: number;
  readonly counts: readonly ScopedCaseCounts[];
};

type CountedPage = Pick<CasePage, "counts" | "countsSequence">;

/**
 * Fold the counts of an event into a cached page; the same page when they are of other cases.
 *
 * They are whole counts as of their event, so one that the page has read past changes nothing, nor
 * does one that comes twice.
 */
export function applyCaseCounts<P extends CountedPage>(
  page: P,
  scope: Pick<ListCasesInput, "category" | "inspectionId">,
  { sequence, counts }: CountsNews,
): P {
  if (sequence <= page.countsSequence) return page;
  const own = counts.find(
    ({ category, inspectionId }) =>
      category === (scope.category ?? null) && inspectionId === (scope.inspectionId ?? null),
  );
  return own === undefined ? page : { ...page, counts: own.counts, countsSequence: sequence };
}

/** Bring an event's counts into every cached query of cases, without asking the server. */
export function foldCaseCounts(
  news: CountsNews,
  { client, trpc }: Pick<LiveCache, "client" | "trpc">,
): void {
  for (const query of client.getQueryCache().findAll({ queryKey: trpc.review.cases.queryKey() })) {
    const asked: unknown = query.queryKey[1];
    if (typeof asked !== "object" || asked === null || !("input" in asked)) continue;
    const scope = ListCasesInput.safeParse(asked.input);
    if (!scope.success) continue;
    client.setQueryData<CasePage>(query.queryKey, (page) =>
      page === undefined ? page : applyCaseCounts(page, scope.data, news),
    );
  }
}
