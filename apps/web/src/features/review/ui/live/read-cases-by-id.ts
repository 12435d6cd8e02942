import {
  type CaseId,
  type CasePage,
  type CaseRow,
  ListCasesInput,
  NAMED_CASES,
  type ProjectId,
} from "@loupe/contracts";
import type { InfiniteData, QueryKey } from "@tanstack/react-query";

import type { CacheReader, LiveCache } from "../../../../lib/live/live-cache.ts";
import { applyCaseRows, type CaseNews } from "./apply-case-rows.ts";

/** Reads cases that an event names into every loaded queue, in one request for all of them. */
export function readCasesById(projectId: ProjectId): CacheReader {
  return {
    name: `cases of ${projectId}`,
    most: NAMED_CASES,
    read: async (ids, { client, trpc }) => {
      const caseIds = ids as readonly CaseId[];
      // A query, so that it waits for a line; nobody asks for these very cases again.
      const rows: CaseRow[] = await client.fetchQuery({
        ...trpc.review.casesById.queryOptions({ projectId, caseIds: [...caseIds] }),
        staleTime: 0,
        gcTime: 0,
      });
      return (cache) => foldCaseRows({ caseIds, rows }, cache);
    },
    readAll: ({ trpc, invalidate }) =>
      invalidate({ queryKey: trpc.review.cases.infiniteQueryKey() }),
  };
}

function foldCaseRows(news: CaseNews, cache: Pick<LiveCache, "client" | "trpc">): void {
  for (const { queryKey, filter } of listQueues(cache)) {
    cache.client.setQueryData<InfiniteData<CasePage>>(queryKey, (data) => {
      if (data === undefined) return data;
      const pages = applyCaseRows(data.pages, filter, news);
      return pages === data.pages ? data : { ...data, pages: [...pages] };
    });
  }
}

/** The queues that the cache has, with their filters. */
export function listQueues({
  client,
  trpc,
}: Pick<LiveCache, "client" | "trpc">): { queryKey: QueryKey; filter: ListCasesInput }[] {
  const queries = client
    .getQueryCache()
    .findAll({ queryKey: trpc.review.cases.infiniteQueryKey() });
  return queries.flatMap(({ queryKey }) => {
    const asked: unknown = queryKey[1];
    if (typeof asked !== "object" || asked === null || !("input" in asked)) return [];
    const filter = ListCasesInput.safeParse(asked.input);
    return filter.success ? [{ queryKey, filter: filter.data }] : [];
  });
}
