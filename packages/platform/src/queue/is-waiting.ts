import type { JobName, JobPayload } from "@loupe/contracts";

import type { SqlExecutor } from "../sql.ts";

/** Whether a job of this payload waits that any worker with a free place would take now. */
export async function isWaiting<N extends JobName>(
  sql: SqlExecutor,
  name: N,
  payload: JobPayload<N>,
): Promise<boolean> {
  const { rows } = await sql.query(
    `select exists (
       select from graphile_worker._private_jobs as job
       join graphile_worker._private_tasks as task on task.id = job.task_id
       where task.identifier = $1::text and job.payload::jsonb = $2::text::jsonb
         and job.locked_at is null and job.attempts < job.max_attempts and job.run_at <= now()
     ) as "isWaiting"`,
    [name, JSON.stringify(payload)],
  );
  return rows[0]?.["isWaiting"] === true;
}
