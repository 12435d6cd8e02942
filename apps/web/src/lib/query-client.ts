import { QueryClient } from "@tanstack/react-query";
import { TRPCClientError } from "@trpc/client";

import { describeError } from "./describe-error.ts";

/** How often a view that shows "no answer" asks whether there is one by now. */
const ASK_AGAIN_EVERY_MS = 3000;

/**
 * The cache of the server's answers.
 *
 * Live events keep it fresh, so a mounted view does not ask again by itself; only a lost
 * connection is worth another try, and another, until the answer comes.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => describeError(error).isOffline && failures < 2,
        retryDelay: (attempt) => Math.min(4000, 500 * 2 ** attempt),
        refetchInterval: ({ state }) =>
          state.error instanceof TRPCClientError && describeError(state.error).isOffline
            ? ASK_AGAIN_EVERY_MS
            : false,
        // `navigator.onLine` knows nothing of a server on this machine or network.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}
