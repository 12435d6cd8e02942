"use client";

import type { ImportId, ImportOutcome, ProjectId } from "@loupe/contracts";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { useTRPC, useTRPCClient } from "../../../lib/trpc.tsx";

type Which = {
  readonly projectId: ProjectId;
  readonly importId: ImportId;
  readonly outcome: ImportOutcome | null;
};

/** What became of the files of an import, page by page. */
export function useImportFiles({ projectId, importId, outcome }: Which) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const filter = { projectId, importId, ...(outcome !== null && { outcome }) };
  return useInfiniteQuery({
    queryKey: trpc.data.importFiles.infiniteQueryKey(filter),
    queryFn: ({ pageParam, signal }) =>
      client.data.importFiles.query(
        { ...filter, limit: 200, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}
