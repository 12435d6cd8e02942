import {
  AppError,
  canRunMove,
  isFinalRunStatus,
  type OrganisationId,
  RUN_STATUSES,
  type RunId,
  type RunStatus,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { databaseNow } from "../../database-now.ts";
import { LEASE_STALE_AFTER_MS } from "../../lease-stale-after.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { requireRunView } from "./run-view.ts";
import { HELD_STATUSES, type RunLease, type RunProgress } from "./run-types.ts";

export function runProgress({ client, atomically }: Scope): RunProgress {
  return {
    claim: (id, worker, staleAfterMs = LEASE_STALE_AFTER_MS) =>
      atomically(async (tx) => {
        const token = await takeLease(tx, { id, worker, staleAfterMs });
        if (token === null) return null;
        const run = await requireRunView(tx, id);
        const { organizationId } = await tx.project.findUniqueOrThrow({
          where: { id: run.projectId },
          select: { organizationId: true },
        });
        return {
          lease: { runId: id, token },
          run,
          organisationId: organizationId as OrganisationId,
          isTakenOver: token > 1,
        };
      }),

    async heartbeat(lease) {
      const [row] = await client.trainingRun.updateManyAndReturn({
        where: held(lease),
        data: { heartbeatAt: await databaseNow(client) },
        select: { cancelRequestedAt: true },
      });
      if (row === undefined) return { isHeld: false, isCancelRequested: false };
      return { isHeld: true, isCancelRequested: row.cancelRequestedAt !== null };
    },

    move: (lease, { status, stageDone, stageTotal }) =>
      atomically(async (tx) => {
        await write(tx, lease, {
          from: RUN_STATUSES.filter((from) => from === status || canRunMove(from, status)),
          to: status,
          data: { status, stageDone, stageTotal, version: { increment: 1 } },
        });
        return requireRunView(tx, lease.runId);
      }),

    recordPoints: (lease, points, rates) =>
      atomically(async (tx) => {
        const [newest] = points.toSorted((a, b) => b.step - a.step);
        if (newest === undefined) return;
        await write(tx, lease, {
          data: { step: newest.step, stageDone: newest.step, loss: newest.loss, ...rates },
        });
        await tx.$executeRaw`
          insert into "run_point" ("runId", "step", "loss", "terms")
          select ${lease.runId}::uuid, (p->>'step')::int, (p->>'loss')::float8, p->'terms'
          from jsonb_array_elements(${JSON.stringify(points)}::jsonb) as p
          on conflict ("runId", "step") do update set
            "loss" = excluded."loss", "terms" = excluded."terms"`;
      }),

    recordProbe: (lease, { imageId, step, score, mapKey }) =>
      atomically(async (tx) => {
        await write(tx, lease, { data: {} });
        await tx.runProbe.upsert({
          where: { runId_imageId_step: { runId: lease.runId, imageId, step } },
          create: { runId: lease.runId, imageId, step, score, mapKey },
          update: { score, mapKey },
        });
      }),

    async recordFacts(lease, { note, device }) {
      await write(client, lease, { data: { note, device, version: { increment: 1 } } });
    },

    async recordCheckpoint(lease, step) {
      await write(client, lease, { data: { checkpointStep: step } });
    },

    rewindTo: (lease, step) =>
      atomically(async (tx) => {
        const later = { runId: lease.runId, step: { gt: step } };
        await write(tx, lease, { data: { step } });
        await tx.runPoint.deleteMany({ where: later });
        await tx.runProbe.deleteMany({ where: later });
        const newest = await tx.runPoint.findFirst({
          where: { runId: lease.runId },
          orderBy: { step: "desc" },
        });
        await write(tx, lease, { data: { loss: newest?.loss ?? null, secondsLeft: null } });
      }),

    async release(lease) {
      await write(client, lease, { data: { secondsLeft: null } });
      await client.trainingRun.updateMany({ where: held(lease), data: { heartbeatAt: null } });
    },

    finish: (lease, end) =>
      atomically(async (tx) => {
        await write(tx, lease, {
          from: RUN_STATUSES.filter((from) => canRunMove(from, end.status)),
          to: end.status,
          data: {
            status: end.status,
            error: end.status === "failed" ? end.error : null,
            secondsLeft: null,
            finishedAt: new Date(),
            version: { increment: 1 },
          },
        });
        return requireRunView(tx, lease.runId);
      }),
  };
}

type LeaseRequest = { readonly id: RunId; readonly worker: string; readonly staleAfterMs: number };

/** The compare-and-set that gives a run to one worker: the new token, or null when it is not to be had. */
async function takeLease(
  tx: Prisma.TransactionClient,
  { id, worker, staleAfterMs }: LeaseRequest,
): Promise<number | null> {
  const now = await databaseNow(tx);
  const stale = new Date(now.getTime() - staleAfterMs);
  const [row] = await tx.trainingRun.updateManyAndReturn({
    where: {
      id,
      OR: [
        { status: "queued" },
        {
          status: { in: [...HELD_STATUSES] },
          OR: [{ heartbeatAt: null }, { heartbeatAt: { lt: stale } }],
        },
      ],
    },
    data: {
      status: "caching_features",
      stageDone: 0,
      stageTotal: 0,
      leaseWorker: worker,
      leaseToken: { increment: 1 },
      heartbeatAt: now,
      version: { increment: 1 },
    },
    select: { leaseToken: true },
  });
  if (row === undefined) return null;
  await tx.trainingRun.updateMany({ where: { id, startedAt: null }, data: { startedAt: now } });
  return row.leaseToken;
}

function held(lease: RunLease, statuses: readonly RunStatus[] = HELD_STATUSES) {
  return { id: lease.runId, leaseToken: lease.token, status: { in: [...statuses] } };
}

type LeasedWrite = {
  /** Statuses that allow the write; left out: any in which a worker holds the run. */
  readonly from?: readonly RunStatus[];
  readonly to?: RunStatus;
  readonly data: Prisma.TrainingRunUpdateManyMutationInput;
};

/** Change the run's row if the lease still holds; every such write is a sign of life too. */
async function write(
  client: Prisma.TransactionClient,
  lease: RunLease,
  { from, to, data }: LeasedWrite,
): Promise<void> {
  const { count } = await client.trainingRun.updateMany({
    where: held(lease, from),
    data: { ...data, heartbeatAt: await databaseNow(client) },
  });
  if (count > 0) return;
  const row = await client.trainingRun.findUnique({ where: { id: lease.runId } });
  if (row === null) throw notFound("run", lease.runId);
  throw new AppError("RUN_STATUS_CHANGED", refusal(), { runId: lease.runId, status: row.status });

  function refusal(): string {
    if (row === null || isFinalRunStatus(row.status))
      return `The run has ${row?.status ?? "gone"}.`;
    if (row.leaseToken !== lease.token) {
      return `The run was taken over by ${row.leaseWorker ?? "another worker"}. Stop working on it.`;
    }
    return `Expected a run that may move to ${to ?? "another status"}, it is ${row.status}.`;
  }
}
