import type { Database, DeadWorker } from "@loupe/db";
import {
  recordEvent,
  releaseDeadWorkers,
  releaseUnknownWorkers,
  type Logger,
} from "@loupe/platform";

import { isProcessGone } from "./process-identity.ts";

/** A worker that has been silent for four heartbeats is dead. */
export const DEAD_AFTER_MS = 12_000;

/** No process needs longer from its first lock to being registered. */
const REGISTERS_WITHIN_MS = 30_000;

/**
 * Everyone was last heard of before a minute from now. A limit of "just now" would miss whoever's
 * heartbeat arrives while we ask, and the locks of a living worker would count as nobody's.
 */
const LIST_EVERYONE_MS = -60_000;

type Undertaker = {
  readonly db: Database;
  /** Never buried, however slow its own heartbeats are. */
  readonly selfId: string;
  /** See `readProcessSpace`. */
  readonly space: string | null;
  readonly logger: Logger;
};

/** Free the jobs and runs of workers that have died, so that a living one goes on with them. */
export async function buryDeadWorkers({ db, selfId, space, logger }: Undertaker): Promise<void> {
  const silent = await db.workers.listDead(DEAD_AFTER_MS);
  const everyone = await db.workers.listDead(LIST_EVERYONE_MS);
  const goneHere = everyone.filter(({ id }) => isProcessGone(id, space));
  const dead = new Map([...silent, ...goneHere].map((worker) => [worker.id, worker]));
  dead.delete(selfId);
  for (const worker of dead.values()) {
    logger.warn({ worker: worker.id }, "worker is dead: freeing its jobs");
    await bury(db, worker);
  }
  // Killed between taking a first job and registering.
  await releaseUnknownWorkers(db.pool, {
    graphileIds: everyone.flatMap(({ graphileIds }) => graphileIds),
    olderThanMs: REGISTERS_WITHIN_MS,
  });
}

async function bury(db: Database, worker: DeadWorker): Promise<void> {
  // Runs first: a job that is free before its run would be delivered and find the run held.
  for (const runId of await db.runs.releaseLeasesOf(worker.id)) {
    const run = await db.runs.find(runId);
    if (run === null) continue;
    const message = `Worker ${worker.name} was lost at step ${run.step}.`;
    await db.transaction(async (tx) => {
      await tx.runs.recordIncident(runId, { step: run.step, kind: "worker-lost", message });
      const body = { type: "run.incident", runId, step: run.step, message } as const;
      await recordEvent(tx, { projectId: run.projectId, body });
    });
  }
  await releaseDeadWorkers(db.pool, worker.graphileIds);
  await db.workers.remove(worker.id);
}
