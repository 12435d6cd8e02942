import { LEASE_STALE_AFTER_MS, type Database, type DeadWorker } from "@loupe/db";
import { releaseDeadWorkers, releaseUnknownWorkers, type Logger } from "@loupe/platform";

import { freeRuns } from "./free-runs.ts";
import { isProcessGone } from "./process-identity.ts";

/** No process needs longer from its first lock to being registered. */
const REGISTERS_WITHIN_MS = 30_000;

/**
 * Everyone was last heard of before a minute from now. A limit of "just now" would miss whoever's
 * heartbeat arrives while we ask, and the locks of a living worker would count as nobody's.
 */
const LIST_EVERYONE_MS = -60_000;

type Reaping = {
  readonly db: Database;
  /** Never reaped, however slow its own heartbeats are. */
  readonly selfId: string;
  /** See `readProcessSpace`. */
  readonly space: string | null;
  readonly logger: Logger;
};

/** Free the jobs and runs of workers that have died, so that a living one goes on with them. */
export async function reapDeadWorkers({ db, selfId, space, logger }: Reaping): Promise<void> {
  const silent = await db.workers.listDead(LEASE_STALE_AFTER_MS);
  const everyone = await db.workers.listDead(LIST_EVERYONE_MS);
  const goneHere = everyone.filter(({ id }) => isProcessGone(id, space));
  const dead = new Map([...silent, ...goneHere].map((worker) => [worker.id, worker]));
  dead.delete(selfId);
  for (const worker of dead.values()) {
    logger.warn({ worker: worker.id }, "worker is dead: freeing its jobs");
    await reap(db, worker);
  }
  // Killed between taking a first job and registering.
  await releaseUnknownWorkers(db.pool, {
    graphileIds: everyone.flatMap(({ graphileIds }) => graphileIds),
    olderThanMs: REGISTERS_WITHIN_MS,
  });
}

async function reap(db: Database, worker: DeadWorker): Promise<void> {
  // Runs and leases first: a job that is free before them would be delivered and find them held.
  await freeRuns(db, worker, "worker-lost");
  await db.leases.releaseOf(worker.id);
  await releaseDeadWorkers(db.pool, worker.graphileIds);
  await db.workers.remove(worker.id);
}
