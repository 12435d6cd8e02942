import type { SqlExecutor } from "../sql.ts";

/**
 * Free the jobs and lanes that dead processes hold, so that others get them at once.
 *
 * By itself the queue waits for four hours before it believes that a worker is
 * dead. Only call this for processes that cannot come back.
 */
export async function releaseDeadWorkers(
  sql: SqlExecutor,
  graphileIds: readonly string[],
): Promise<void> {
  if (graphileIds.length === 0) return;
  await sql.query("select graphile_worker.force_unlock_workers($1::text[])::text", [
    [...graphileIds],
  ]);
}

export type KnownWorkers = {
  /** The ids of every process that is registered, alive or not yet declared dead. */
  readonly graphileIds: readonly string[];
  /** Locks younger than this may belong to a process that is just registering. */
  readonly olderThanMs: number;
};

/**
 * Free the jobs of processes that nobody knows, and return how many such processes there were.
 *
 * A process that is killed between taking its first job and registering itself
 * leaves such locks.
 */
export async function releaseUnknownWorkers(
  sql: SqlExecutor,
  { graphileIds, olderThanMs }: KnownWorkers,
): Promise<number> {
  const { rows } = await sql.query(
    `select distinct "locked_by" from graphile_worker.jobs
     where "locked_by" is not null and not "locked_by" = any($1::text[])
       and "locked_at" < now() - make_interval(secs => $2::float8)`,
    [[...graphileIds], olderThanMs / 1000],
  );
  const unknown = rows.map((row) => String(row["locked_by"]));
  await releaseDeadWorkers(sql, unknown);
  return unknown.length;
}
