import { type ComputeProvider, JOBS, type JobName, type JobPayload } from "@loupe/contracts";

import type { SqlExecutor } from "../sql.ts";
import { aloneFlag, providerFlag } from "./job-flags.ts";

/** A job for workers that compute on a provider. */
export type JobOnProvider<N extends JobName> = {
  readonly name: N;
  readonly provider: ComputeProvider;
};

/**
 * Add a job inside the caller's transaction.
 *
 * The insert is a plain SQL function call, so a rollback takes the job with it
 * and a commit makes both visible at once. There is no window in which a run
 * exists that no worker will ever pick up.
 */
export async function enqueue<N extends JobName>(
  sql: SqlExecutor,
  job: N | JobOnProvider<N>,
  payload: JobPayload<N>,
): Promise<{ jobId: string }> {
  const { name, provider } = typeof job === "string" ? { name: job, provider: null } : job;
  const { lane, maxAttempts } = JOBS[name];
  // One that runs already has begun with what it found, so it does not count as waiting.
  const key = "isSingle" in JOBS[name] ? `${name} ${JSON.stringify(payload)}` : null;
  const flags = [
    ...("isAlone" in JOBS[name] ? [aloneFlag(name)] : []),
    ...(provider === null ? [] : [providerFlag(provider)]),
  ];
  const { rows } = await sql.query(
    `select "id"::text from graphile_worker.add_job(
       $1::text, $2::json, queue_name => $3::text, max_attempts => $4::int, job_key => $5::text,
       flags => $6::text[])`,
    [name, JSON.stringify(payload), lane, maxAttempts, key, flags.length === 0 ? null : flags],
  );
  return { jobId: String(rows[0]?.["id"]) };
}
