"use client";

import type { ListCasesInput, ProjectId } from "@loupe/contracts";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { useTRPC, useTRPCClient } from "../../../../lib/trpc.tsx";

export type CaseFilter = Pick<ListCasesInput, "state" | "category" | "inspectionId">;
type Cursor = NonNullable<ListCasesInput["cursor"]>;

const PAGE = 200;

/** The queue, most anomalous first, page by page. */
export function useCases(projectId: ProjectId, filter: CaseFilter) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useInfiniteQuery({
    queryKey: trpc.review.cases.infiniteQueryKey({ projectId, ...filter }),
    queryFn: ({ pageParam, signal }) =>
      client.review.cases.query(
        { projectId, ...filter, limit: PAGE, ...(pageParam && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as Cursor | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** How many cases are open, in review and decided, of those that the filter is about. */
export function useCaseCounts(projectId: ProjectId, filter: Omit<CaseFilter, "state">) {
  const trpc = useTRPC();
  return useQuery(
    trpc.review.cases.queryOptions(
      { projectId, ...filter, state: "all", limit: 1 },
      { select: (page) => page.counts, placeholderData: keepPreviousData },
    ),
  );
}
