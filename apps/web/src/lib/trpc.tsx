"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { useState, type ReactNode } from "react";
import superjson from "superjson";

import type { AppRouter } from "../server/root.ts";
import { fetchProcedures } from "./fetch-procedures.ts";
import { MAX_BATCH_CALLS } from "./max-batch-calls.ts";
import { createQueryClient } from "./query-client.ts";

/** Leaves the other half of what a server takes as headers to cookies. */
const MAX_ADDRESS_LENGTH = 8_000;

const context = createTRPCContext<AppRouter>();

export const useTRPC = context.useTRPC;
export const useTRPCClient = context.useTRPCClient;
/** The typed door to every procedure: query options, keys and filters. */
export type Trpc = ReturnType<typeof useTRPC>;
/** Calls a procedure without the cache. */
export type TrpcClient = ReturnType<typeof useTRPCClient>;

/** Gives everything below it the server's procedures and one cache. */
export function TrpcProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: "/api/trpc",
          transformer: superjson,
          fetch: fetchProcedures,
          maxItems: MAX_BATCH_CALLS,
          maxURLLength: MAX_ADDRESS_LENGTH,
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  );
}
