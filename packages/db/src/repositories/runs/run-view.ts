import {
  type ComputeProvider,
  type DatasetVersionId,
  isFinalRunStatus,
  type ModelVersionId,
  type ProjectId,
  type RunId,
  type RunView,
  StartRunInput,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";

/** What a run's view needs beside its row. */
export const RUN_VIEW = {
  datasetVersion: { select: { id: true, number: true, name: true } },
  createdBy: { select: { name: true } },
  modelVersion: { select: { id: true } },
} as const satisfies Prisma.TrainingRunInclude;

type RunRow = Prisma.TrainingRunGetPayload<{ include: typeof RUN_VIEW }>;

export function runView(row: RunRow): RunView {
  // A run whose worker was lost is nobody's until another takes it, and advances at no rate.
  const isHeld = isFinalRunStatus(row.status) || row.heartbeatAt !== null;
  return {
    id: row.id as RunId,
    projectId: row.projectId as ProjectId,
    number: row.number,
    status: row.status,
    method: row.method,
    encoder: row.encoder,
    steps: row.steps,
    batch: row.batch,
    seed: row.seed,
    provider: row.provider as ComputeProvider,
    preset: row.preset,
    settings: StartRunInput.shape.settings.parse(row.settings),
    category: row.category,
    note: row.note,
    device: row.device,
    datasetVersion: {
      ...row.datasetVersion,
      id: row.datasetVersion.id as DatasetVersionId,
    },
    stageDone: row.stageDone,
    stageTotal: row.stageTotal,
    step: row.step,
    loss: row.loss,
    stepsPerSecond: isHeld ? row.stepsPerSecond : null,
    secondsLeft: isHeld ? row.secondsLeft : null,
    checkpointStep: row.checkpointStep,
    isCancelRequested: row.cancelRequestedAt !== null,
    error: row.error,
    worker: isHeld ? row.leaseWorker : null,
    startedBy: row.createdBy.name,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    modelVersionId: (row.modelVersion?.id ?? null) as ModelVersionId | null,
    attempt: row.leaseToken,
    version: row.version,
  };
}

/** The run as people see it, in the state that this client's transaction sees. Throws NOT_FOUND. */
export async function requireRunView(
  client: Prisma.TransactionClient,
  id: RunId,
): Promise<RunView> {
  const row = await client.trainingRun.findUnique({ where: { id }, include: RUN_VIEW });
  if (row === null) throw notFound("run", id);
  return runView(row);
}
