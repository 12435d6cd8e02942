"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";

import { loadAnomalyMap } from "./load-anomaly-map.ts";

/** How a map is kept. Maps never change, so each is loaded once; also for loading ahead. */
export function anomalyMapOptions(url: string) {
  return queryOptions({
    queryKey: ["anomaly-map", url],
    queryFn: ({ signal }) => loadAnomalyMap(url, signal),
    staleTime: Infinity,
    gcTime: 5 * 60_000,
    retry: 2,
    structuralSharing: false,
  });
}

/** An anomaly map by its address. */
export function useAnomalyMap(url: string | null) {
  return useQuery({ ...anomalyMapOptions(url ?? ""), enabled: url !== null });
}
