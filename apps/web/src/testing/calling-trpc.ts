import { QueryClient } from "@tanstack/react-query";
import { createTRPCClient, TRPCClientError, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";

import type { AppRouter } from "../server/root.ts";
import type { Caller } from "./a-web-world.ts";
import { callProcedure } from "./call-procedure.ts";

/** A browser's cache whose questions the real procedures answer, and what was asked. */
export function callingTrpc(caller: Caller) {
  const asked: { readonly path: string; readonly input: unknown }[] = [];
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op: { path, input } }) =>
      observable((observer) => {
        asked.push({ path, input });
        callProcedure({ caller, path, type: "query", input }).then(
          ({ status, data, message }) => {
            if (status !== 200) return observer.error(new TRPCClientError(message));
            observer.next({ result: { type: "data", data } });
            observer.complete();
          },
          (error: unknown) => observer.error(TRPCClientError.from(error as Error)),
        );
      });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const trpc = createTRPCOptionsProxy<AppRouter>({
    client: createTRPCClient<AppRouter>({ links: [link] }),
    queryClient: client,
  });
  return { client, trpc, asked };
}
