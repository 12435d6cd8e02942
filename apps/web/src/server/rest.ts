import { AppError, ERROR_STATUS, type Failure } from "@loupe/contracts";
import type { z } from "zod";

import type { SignIn } from "./context.ts";
import { describeFailure } from "./describe-failure.ts";
import { isReadOnly } from "./is-read-only.ts";
import { readSignIn } from "./read-sign-in.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";
import { requireSameOrigin } from "./require-same-origin.ts";
import { services, type WebServices } from "./services.ts";

/** One request to a route outside tRPC, by someone who is signed in. */
export type RestCall<P> = {
  readonly request: Request;
  readonly params: P;
  readonly services: WebServices;
  readonly signIn: SignIn;
};

type NextHandler = (
  request: Request,
  /** An address without a part that varies comes without parameters. */
  segment: { params: Promise<Record<string, string | string[] | undefined> | undefined> },
) => Promise<Response>;

/**
 * A route handler that checks the session and turns failures into answers.
 *
 * Whatever is no reading must come from one of our own pages. An address whose
 * parts are malformed does not exist. The handler itself asks for the role,
 * since only it knows the project.
 */
export function restRoute<P>(
  params: z.ZodType<P>,
  handle: (call: RestCall<P>) => Promise<Response>,
): NextHandler {
  return async (request, segment) => {
    const provided = services();
    const requestId = request.headers.get(REQUEST_ID_HEADER) ?? crypto.randomUUID();
    try {
      if (!isReadOnly(request.method)) {
        requireSameOrigin(request.headers, provided.trustedOrigins);
      }
      const signIn = await readSignIn(provided.auth, request.headers);
      if (signIn === null) throw new AppError("UNAUTHENTICATED", "Sign in to go on.");
      const parsed = params.safeParse((await segment.params) ?? {});
      if (!parsed.success) throw new AppError("NOT_FOUND", "There is nothing under this address.");
      return await handle({ request, params: parsed.data, services: provided, signIn });
    } catch (error) {
      return answerFailure(error, { requestId, request, logger: provided.logger });
    }
  };
}

type FailedCall = Pick<WebServices, "logger"> & { requestId: string; request: Request };

function answerFailure(error: unknown, { requestId, request, logger }: FailedCall): Response {
  const failure = describeFailure(error, requestId);
  const fields = { requestId, method: request.method, path: new URL(request.url).pathname };
  if (failure.code === null) {
    if (request.signal.aborted) logger.info({ ...fields }, "the client went away");
    else logger.error({ ...fields, err: error }, "route failed");
  } else {
    logger.info({ ...fields, refusal: failure.message }, "route refused");
  }
  return Response.json(
    { error: failure },
    {
      status: failure.code === null ? 500 : ERROR_STATUS[failure.code],
      headers: {
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        ...retryAfter(failure),
      },
    },
  );
}

/** When to ask again, for refusals that say it. */
function retryAfter({ details }: Failure): Record<string, string> {
  const { retryAfterSeconds: seconds } = details;
  return typeof seconds === "number" ? { "retry-after": String(Math.ceil(seconds)) } : {};
}
