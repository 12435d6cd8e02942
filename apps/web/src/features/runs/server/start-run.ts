import { AppError, type RunView, type StartRunInput } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { enqueue, recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";
import { checkRunPlan } from "./check-run-plan.ts";

/**
 * Start a training run, or return the one that the same intent has started already.
 *
 * The row, its job and its event are committed together or not at all.
 */
export async function startRun(ctx: ProjectContext, input: StartRunInput): Promise<RunView> {
  const { version, settings } = await checkRunPlan(ctx, input);
  const { category } = input;
  if (category !== null && !version.categories.includes(category)) {
    throw new AppError(
      "BAD_INPUT",
      `Expected a category of ${version.name} (${version.categories.join(", ")}), got ${category}.`,
    );
  }
  return ctx.db.transaction((tx) => createRun(ctx, tx, { ...input, settings }));
}

/** Create a checked run with its job and its event in the caller's transaction. */
export async function createRun(
  ctx: ProjectContext,
  tx: Transaction,
  input: StartRunInput,
): Promise<RunView> {
  const { run, isNew } = await tx.runs.create({ ...input, createdById: ctx.user.id });
  if (run.projectId !== ctx.projectId) {
    throw new AppError("BAD_INPUT", "This idempotency key has been used. Make a new one.");
  }
  if (!isNew) return run;
  const { organisationId } = ctx;
  const job = { name: "run.train", organisationId, provider: run.provider } as const;
  await enqueue(tx.sql, job, { runId: run.id });
  await recordEvent(tx, {
    projectId: ctx.projectId,
    body: { type: "run.created", runId: run.id },
    actorId: ctx.user.id,
  });
  return run;
}
