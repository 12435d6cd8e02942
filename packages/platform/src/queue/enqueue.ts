import {
  type ComputeProvider,
  JOBS,
  type JobName,
  type JobPayload,
  type OrganisationId,
} from "@loupe/contracts";

import type { SqlExecutor } from "../sql.ts";
import { findWorkerLane, organisationFlag, providerFlag, workerLaneFlag } from "./job-flags.ts";

/** A job and whose it is. */
export type OwnedJob<N extends JobName> = {
  readonly name: N;
  readonly organisationId: OrganisationId;
  /** For workers that compute on it. */
  readonly provider?: ComputeProvider;
  /**
   * What only one job of the lane may work at, whoever asked: also for jobs that have no lane by
   * themselves. Not given, a job's lane is its organisation's.
   */
  readonly resource?: string;
  /** Not before so many seconds from now; not given, at once. */
  readonly delaySeconds?: number;
};

/**
 * Organisations take turns: the job's place is its round, and of one round the older job goes first.
 *
 * An organisation's next job is one round later than its last that is waiting or under way, but no
 * earlier than the round that is served now. So who comes to a full queue waits for one round, and
 * not for all that another organisation has put there before.
 */
const ROUND = `
  select least(32767, greatest(
    coalesce(
      max(job.priority) filter (where job.locked_at is not null), min(job.priority), 0),
    coalesce(max(job.priority) filter (where job.flags ? $7::text), -1) + 1))
  from graphile_worker._private_jobs as job
  join graphile_worker._private_tasks as task on task.id = job.task_id
  where task.identifier = $1::text
    and (job.locked_at is not null or (job.attempts < job.max_attempts and job.run_at <= now()))`;

/**
 * Add a job inside the caller's transaction.
 *
 * The insert is a plain SQL function call, so a rollback takes the job with it
 * and a commit makes both visible at once. There is no window in which a run
 * exists that no worker will ever pick up.
 */
export async function enqueue<N extends JobName>(
  sql: SqlExecutor,
  { name, organisationId, provider, resource, delaySeconds = 0 }: OwnedJob<N>,
  payload: JobPayload<N>,
): Promise<{ jobId: string }> {
  const { lane, maxAttempts } = JOBS[name];
  // One that runs already has begun with what it found, so it does not count as waiting.
  const key = "isSingle" in JOBS[name] ? `${name} ${JSON.stringify(payload)}` : null;
  const owner = organisationFlag(organisationId);
  const workerLane = findWorkerLane(name);
  const flags = [
    owner,
    ...(workerLane === null ? [] : [workerLaneFlag(workerLane)]),
    ...(provider === undefined ? [] : [providerFlag(provider)]),
  ];
  const ownLane =
    lane === null && resource === undefined
      ? null
      : `${lane ?? name}:${resource ?? organisationId}`;
  const { rows } = await sql.query(
    `select "id"::text from graphile_worker.add_job(
       $1::text, $2::json, queue_name => $3::text, max_attempts => $4::int, job_key => $5::text,
       flags => $6::text[], priority => (${ROUND}),
       run_at => now() + make_interval(secs => $8))`,
    [name, JSON.stringify(payload), ownLane, maxAttempts, key, flags, owner, delaySeconds],
  );
  return { jobId: String(rows[0]?.["id"]) };
}
