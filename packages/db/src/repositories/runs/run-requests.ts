import { AppError, type RunId, RunIncident, type RunView } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { takeNumber } from "../../take-number.ts";
import { requireProjectActor } from "../people/require-project-actor.ts";
import { requireRunView, RUN_VIEW, runView } from "./run-view.ts";
import { HELD_STATUSES, type NewRun, type RunRequests } from "./run-types.ts";

export function runRequests({ client, atomically }: Scope): RunRequests {
  return {
    create: (input) => atomically((tx) => createRun(tx, input)),

    requestCancel: (id, projectId) =>
      atomically(async (tx) => {
        const queued = await tx.trainingRun.updateMany({
          where: { id, projectId, status: "queued" },
          data: {
            status: "cancelled",
            finishedAt: new Date(),
            cancelRequestedAt: new Date(),
            version: { increment: 1 },
          },
        });
        if (queued.count > 0) return requireRunView(tx, id);
        const held = await tx.trainingRun.updateMany({
          where: { id, projectId, status: { in: [...HELD_STATUSES] } },
          data: { cancelRequestedAt: new Date(), version: { increment: 1 } },
        });
        if (held.count > 0) return requireRunView(tx, id);
        const row = await tx.trainingRun.findFirst({ where: { id, projectId } });
        if (row === null) throw notFound("run", id);
        throw new AppError(
          "RUN_ALREADY_FINISHED",
          `Expected a run that is queued or under way, run ${row.number} has ${row.status}.`,
          { runId: id, status: row.status },
        );
      }),

    markFailed: (id, error) =>
      atomically(async (tx): Promise<RunView | null> => {
        const { count } = await tx.trainingRun.updateMany({
          where: { id, status: { in: ["queued", ...HELD_STATUSES] } },
          data: {
            status: "failed",
            error,
            finishedAt: new Date(),
            // Whoever still believes to hold the run writes no more.
            leaseToken: { increment: 1 },
            version: { increment: 1 },
          },
        });
        return count === 0 ? null : requireRunView(tx, id);
      }),

    async recordIncident(id, incident) {
      const row = await client.runIncident.create({ data: { runId: id, ...incident } });
      return RunIncident.parse(row);
    },

    async releaseLeasesOf(worker) {
      const rows = await client.trainingRun.updateManyAndReturn({
        where: { leaseWorker: worker, status: { in: [...HELD_STATUSES] } },
        data: { heartbeatAt: null, leaseToken: { increment: 1 } },
        select: { id: true },
      });
      return rows.map((row) => row.id as RunId);
    },
  };
}

async function createRun(
  tx: Prisma.TransactionClient,
  input: NewRun,
): Promise<{ run: RunView; isNew: boolean }> {
  const { projectId, datasetVersionId, idempotencyKey } = input;
  const createdById = await requireProjectActor(tx, projectId, input.createdById);
  // Numbering makes doubles of one request wait for each other: the second one finds the first.
  const number = await takeNumber(tx, "training_run", projectId);
  const present = await tx.trainingRun.findUnique({
    where: { idempotencyKey },
    include: RUN_VIEW,
  });
  if (present !== null) {
    if (present.projectId !== projectId) throw notFound("project", projectId);
    return { run: runView(present), isNew: false };
  }
  const version = await tx.datasetVersion.count({ where: { id: datasetVersionId, projectId } });
  if (version === 0) throw notFound("dataset version", datasetVersionId);
  const row = await tx.trainingRun.create({
    data: {
      projectId,
      number,
      datasetVersionId,
      method: input.method,
      encoder: input.encoder,
      steps: input.steps,
      batch: input.batch,
      seed: input.seed,
      provider: input.provider,
      preset: input.preset ?? "fast",
      settings: input.settings,
      category: input.category ?? null,
      idempotencyKey,
      createdById,
    },
    include: RUN_VIEW,
  });
  return { run: runView(row), isNew: true };
}
