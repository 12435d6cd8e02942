import { QueryClient } from "@tanstack/react-query";
import { createTRPCClient, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";

import type { AppRouter } from "../server/root.ts";

type Asked = {
  readonly path: string;
  readonly input: unknown;
  readonly answer: (data: unknown) => void;
};

/** A browser's cache with the procedures of a server whose answers a test gives, each when it wants. */
export function answeringTrpc() {
  const asked: Asked[] = [];
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op: { path, input } }) =>
      observable((observer) => {
        const answer = (data: unknown) => {
          observer.next({ result: { type: "data", data } });
          observer.complete();
        };
        asked.push({ path, input, answer });
      });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const trpc = createTRPCOptionsProxy<AppRouter>({
    client: createTRPCClient<AppRouter>({ links: [link] }),
    queryClient: client,
  });
  return { client, trpc, asked };
}
