"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";

async function loadPicture(url: string): Promise<HTMLImageElement> {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  return picture;
}

/** How a decoded picture is kept; also for loading the next one ahead. */
export function pictureOptions(url: string) {
  return queryOptions({
    queryKey: ["picture", url],
    queryFn: () => loadPicture(url),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: 2,
    structuralSharing: false,
  });
}

/** A decoded picture by its address, ready to be drawn. */
export function usePicture(url: string | null) {
  return useQuery({ ...pictureOptions(url ?? ""), enabled: url !== null });
}
