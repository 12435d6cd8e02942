import { AppError, type RunView, type StartRunInput } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { enqueue, recordEvent } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import type { ProjectScene } from "../use-case/project-use-case.ts";

/** Create a checked run with its job and its event in the caller's transaction. */
export async function createRun(
  tx: Transaction,
  { actor, organisationId, projectId }: ProjectScene,
  input: StartRunInput,
): Promise<RunView> {
  const createdById = authorOf(actor);
  const { run, isNew } = await tx.runs.create({ ...input, createdById });
  if (run.projectId !== projectId) {
    throw new AppError("BAD_INPUT", "This idempotency key has been used. Make a new one.");
  }
  if (!isNew) return run;
  const job = { name: "run.train", organisationId, provider: run.provider } as const;
  await enqueue(tx.sql, job, { runId: run.id });
  await recordEvent(tx, {
    projectId,
    body: { type: "run.created", runId: run.id },
    actorId: createdById,
  });
  return run;
}
