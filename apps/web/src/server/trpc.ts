import { AppError, can, type Action, ProjectId } from "@loupe/contracts";
import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";

import type { RequestContext } from "./context.ts";
import { describeFailure } from "./describe-failure.ts";
import { requireProjectAccess } from "./require-project-access.ts";
import { requireMembership } from "./require-membership.ts";
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
      return {
        ...shape,
        message: failure.message,
        data: {
          ...shape.data,
          appCode: failure.code,
          details: failure.details,
        },
      };
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
    const { db, blobs } = ctx.services;
    return next({ ctx: { ...ctx, signIn: ctx.signIn, user: ctx.signIn.user, db, blobs } });
  });

/** For members of an organisation whose role may do this; the organisation is the session's. */
export function organisationProcedure(action: Action) {
  return signedInProcedure.meta({ scope: "organisation", action }).use(async ({ ctx, next }) => {
    const membership = await requireMembership(ctx.db, ctx.signIn);
    if (!can(membership.role, action)) {
      throw new AppError("FORBIDDEN", `Your role (${membership.role}) may not do this.`);
    }
    return next({ ctx: { ...ctx, ...membership } });
  });
}

/**
 * For members of the project's organisation whose role may do this. The input
 * names the project; to anyone else the project does not exist.
 */
export function projectProcedure(action: Action) {
  return signedInProcedure
    .meta({ scope: "project", action })
    .input(z.object({ projectId: ProjectId }))
    .use(async ({ ctx, input, next }) => {
      const access = await requireProjectAccess(ctx.db, {
        userId: ctx.user.id,
        projectId: input.projectId,
        action,
      });
      return next({ ctx: { ...ctx, ...access } });
    });
}
