import type { SqlExecutor } from "../sql.ts";

export type InterruptedJob = {
  readonly jobId: string;
  /** The delivery that was interrupted, counted from 1. */
  readonly attempt: number;
  /** The ids under which this process locks jobs. */
  readonly graphileIds: readonly string[];
};

/**
 * Put an interrupted job back: deliverable at once, and the interruption is no attempt.
 *
 * The queue records a failure without anyone being able to wait for it, so that record may come
 * before or after this. Before, its delay and its attempt are undone here; after, it finds the job
 * no longer locked by its worker and changes nothing. A job that another worker has taken
 * meanwhile is left to it.
 */
export async function handBackJob(
  sql: SqlExecutor,
  { jobId, attempt, graphileIds }: InterruptedJob,
): Promise<void> {
  await sql.query(
    `with handed_back as (
       update graphile_worker._private_jobs
       set locked_by = null, locked_at = null, run_at = now(), attempts = $2::int, updated_at = now()
       where id = $1::bigint and (locked_by is null or locked_by = any($3::text[]))
       returning job_queue_id
     )
     update graphile_worker._private_job_queues as lane
     set locked_by = null, locked_at = null
     from handed_back
     where lane.id = handed_back.job_queue_id and lane.locked_by = any($3::text[])`,
    [jobId, attempt - 1, [...graphileIds]],
  );
}
