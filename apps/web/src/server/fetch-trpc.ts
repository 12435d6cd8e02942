import { AppError, ERROR_STATUS, isAppError } from "@loupe/contracts";
import { TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";

import { MAX_BATCH_CALLS } from "../lib/max-batch-calls.ts";
import { describeFailure } from "./describe-failure.ts";
import { MAX_TRPC_BYTES } from "./doors/list-doors.ts";
import { isReadOnly } from "./is-read-only.ts";
import { readBodyText } from "./read-body-text.ts";
import { readSignIn } from "./read-sign-in.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";
import { requireSameOrigin } from "./require-same-origin.ts";
import { appRouter } from "./root.ts";
import type { WebServices } from "./services.ts";
import { toTrpcError } from "./to-trpc-error.ts";

/** Answer a tRPC request; queries come as GET, changes only as POST from our own pages. */
export async function fetchTrpc(request: Request, services: WebServices): Promise<Response> {
  const requestId = request.headers.get(REQUEST_ID_HEADER) ?? crypto.randomUUID();
  try {
    requireSmallBatch(new URL(request.url).pathname);
    const req = isReadOnly(request.method) ? request : await acceptPost(request, services);
    return await fetchRequestHandler({
      endpoint: "/api/trpc",
      req,
      router: appRouter,
      allowMethodOverride: false,
      maxBatchSize: MAX_BATCH_CALLS,
      createContext: async () => ({
        services,
        requestId,
        signIn: await readSignIn(services.auth, request.headers).catch((error: unknown) => {
          services.logger.warn({ err: error, requestId }, "the session could not be read");
          throw toTrpcError(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: error }));
        }),
      }),
      responseMeta: ({ errors }) => ({
        headers: new Headers({ "cache-control": "no-store" }),
        ...(errors.length > 0 && errors.every(isStorageFailure)
          ? { status: ERROR_STATUS.STORAGE_FULL }
          : {}),
      }),
    });
  } catch (error) {
    const failure = describeFailure(error, requestId);
    if (failure.code === null) services.logger.error({ err: error, requestId }, "tRPC failed");
    const status = failure.code === null ? 500 : ERROR_STATUS[failure.code];
    return Response.json({ error: failure }, { status });
  }
}

/** tRPC knows no name for this status, so it cannot choose it by itself. */
function isStorageFailure({ cause }: { readonly cause?: unknown }): boolean {
  return isAppError(cause) && cause.code === "STORAGE_FULL";
}

/** Refuse what asks for more procedures at once than our pages do, before the first is called. */
function requireSmallBatch(path: string): void {
  const calls = path.replaceAll(/%2c/gi, ",").split(",").length;
  if (calls <= MAX_BATCH_CALLS) return;
  throw new AppError(
    "BAD_INPUT",
    `Expected at most ${MAX_BATCH_CALLS} procedures in one request, got ${calls}. Ask in parts.`,
  );
}

async function acceptPost(request: Request, services: WebServices): Promise<Request> {
  requireSameOrigin(request.headers, services.trustedOrigins);
  const body = await readBodyText(request, MAX_TRPC_BYTES);
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body });
}
