import { JOBS, type JobName, type JobPayload } from "@loupe/contracts";

import type { SqlExecutor } from "../sql.ts";

/**
 * A job that nobody will deliver again. The payload is null when it does not fit its name, and when
 * a newer job of the same payload has taken its place: then nothing is left to be ended.
 */
export type DeadJob = {
  readonly [N in JobName]: {
    readonly jobId: string;
    readonly name: N;
    readonly payload: JobPayload<N> | null;
  };
}[JobName];

/**
 * Take one job out of the queue whose attempts are used up and that nobody is at.
 *
 * Its last worker may have died with it, so whoever takes it ends what it was for, in the same
 * transaction. Two who ask at once get different jobs.
 */
export async function takeDeadJob(sql: SqlExecutor): Promise<DeadJob | null> {
  const { rows } = await sql.query(
    `delete from graphile_worker._private_jobs as job
     using graphile_worker._private_tasks as task
     where task.id = job.task_id and job.id = (
       select dead.id from graphile_worker._private_jobs as dead
       join graphile_worker._private_tasks as kind on kind.id = dead.task_id
       where dead.attempts >= dead.max_attempts and dead.locked_at is null
         and kind.identifier = any($1::text[])
       order by dead.id limit 1 for update of dead skip locked)
     returning job.id::text as "jobId", task.identifier as "name", job.payload as "payload",
       job.key is null as "hasNoKey"`,
    [Object.keys(JOBS)],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const name = row["name"] as JobName;
  const parsed = JOBS[name].payload.safeParse(row["payload"]);
  // Of the job that runs when a single one is added anew, the queue takes the key and all attempts.
  const isReplaced = "isSingle" in JOBS[name] && row["hasNoKey"] === true;
  const payload = parsed.success && !isReplaced ? parsed.data : null;
  // One of the union by construction, which TypeScript cannot see through the name.
  return { jobId: row["jobId"], name, payload } as DeadJob;
}
