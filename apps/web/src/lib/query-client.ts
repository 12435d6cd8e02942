import { QueryClient } from "@tanstack/react-query";

import { describeError } from "./describe-error.ts";

/**
 * The cache of the server's answers.
 *
 * Live events keep it fresh, so a mounted view does not ask again by itself; only a lost
 * connection is worth another try.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => describeError(error).isOffline && failures < 2,
        retryDelay: (attempt) => Math.min(4000, 500 * 2 ** attempt),
        // `navigator.onLine` knows nothing of a server on this machine or network.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
