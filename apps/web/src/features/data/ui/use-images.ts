"use client";

import type { ImageId, ListImagesInput, ProjectId } from "@loupe/contracts";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";

import { useTRPC, useTRPCClient } from "../../../lib/trpc.tsx";

export type ImageFilter = Pick<ListImagesInput, "category" | "split" | "label">;

const PAGE = 120;

/** The project's images, page by page. */
export function useImages(projectId: ProjectId, filter: ImageFilter) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useInfiniteQuery({
    queryKey: trpc.data.images.infiniteQueryKey({ projectId, ...filter }),
    queryFn: ({ pageParam, signal }) =>
      client.data.images.query(
        { projectId, ...filter, limit: PAGE, ...(pageParam && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as ImageId | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}
