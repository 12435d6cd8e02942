import pg from "pg";

export interface Heartbeat {
  /**
   * Say that a worker lives, and that it holds what it holds. False when it was taken for dead
   * meanwhile: then nothing is its own any more, and it should register again.
   */
  beat(workerId: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * One statement for the worker and all that it holds, on the database's clock. A row that somebody
 * is writing at the moment is passed over: whoever writes it lives, and the others may not wait.
 */
const BEAT = `
  with run as (
    update training_run set "heartbeatAt" = clock_timestamp() where id in (
      select id from training_run where "leaseWorker" = $1 and "heartbeatAt" is not null
        and status in ('caching_features', 'training', 'evaluating')
      for no key update skip locked)
  ), lease as (
    update job_lease set "beatAt" = clock_timestamp() where id in (
      select id from job_lease where "workerId" = $1 for no key update skip locked)
  )
  update worker_node set "heartbeatAt" = clock_timestamp() where id = $1`;

/** A slow answer is none: the next beat tries on a new connection. */
const ANSWER_WITHIN_MS = 5_000;

/** Heartbeats over a connection of their own, opened anew after a failure. Knows no Prisma: a thread loads it at once. */
export function openHeartbeat(url: string): Heartbeat {
  let client: pg.Client | null = null;

  async function connect(): Promise<pg.Client> {
    const opened = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    });
    // Whoever beats next learns of it from the query.
    opened.on("error", () => undefined);
    await opened.connect();
    return opened;
  }

  async function close(): Promise<void> {
    const closing = client;
    client = null;
    await closing?.end().catch(() => undefined);
  }

  return {
    async beat(workerId) {
      try {
        client ??= await connect();
        const { rowCount } = await client.query(BEAT, [workerId]);
        return (rowCount ?? 0) > 0;
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}
