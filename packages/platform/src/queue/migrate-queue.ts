import { Logger as GraphileLogger, runMigrations } from "graphile-worker";
import type { Pool } from "pg";

/** Make or update the queue's tables. Doing it again changes nothing. */
export async function migrateQueue(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool, logger: new GraphileLogger(() => () => undefined) });
}
