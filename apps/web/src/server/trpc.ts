import { AppError, type Action, ProjectId } from "@loupe/contracts";
import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";

import type { RequestContext } from "./context.ts";
import { describeFailure } from "./describe-failure.ts";
import { callerOf } from "./caller-of.ts";
import { toTrpcError } from "./to-trpc-error.ts";

/** What a procedure asks of its caller; the access tests read it from the router. */
export type DoorMeta =
  | { readonly scope: "session" }
  | { readonly scope: "organisation" | "project"; readonly action: Action };

const t = initTRPC
  .context<RequestContext>()
  .meta<DoorMeta>()
  .create({
    transformer: superjson,
    isDev: false,
    errorFormatter: ({ shape, error, ctx }) => {
      const failure = describeFailure(error, ctx?.requestId ?? "unknown");
      return { ...shape, message: failure.message, data: { ...shape.data, failure } };
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const logged = t.middleware(async ({ ctx, path, type, next }) => {
  const startedAt = performance.now();
  const result = await next();
  const fields = {
    requestId: ctx.requestId,
    procedure: path,
    type,
    userId: ctx.signIn?.user.id,
    durationMs: Math.round(performance.now() - startedAt),
  };
  if (result.ok) {
    ctx.services.logger.debug(fields, "procedure answered");
    return result;
  }
  const error = toTrpcError(result.error);
  if (error.code === "INTERNAL_SERVER_ERROR") {
    ctx.services.logger.error({ ...fields, err: error.cause ?? error }, "procedure failed");
  } else {
    ctx.services.logger.info({ ...fields, refusal: error.message }, "procedure refused");
  }
  throw error;
});

/** For anyone with a session. */
export const signedInProcedure = t.procedure
  .use(logged)
  .meta({ scope: "session" })
  .use(({ ctx, next }) => {
    if (ctx.signIn === null) {
      throw new AppError("UNAUTHENTICATED", "Sign in to go on.");
    }
    const { signIn } = ctx;
    return next({ ctx: { ...ctx, signIn, caller: callerOf(signIn), ports: ctx.services } });
  });

/** A use case as doors see it: it asks by itself whether the caller may. */
type Asked<S extends "organisation" | "project"> = {
  readonly scope: S;
  readonly action: Action;
};

/** A door to a use case in the organisation that the session works in. */
export function organisationDoor({ scope, action }: Asked<"organisation">) {
  return signedInProcedure.meta({ scope, action });
}

/** A door to a use case in the project that the input names. */
export function projectDoor({ scope, action }: Asked<"project">) {
  return signedInProcedure.meta({ scope, action }).input(z.object({ projectId: ProjectId }));
}
