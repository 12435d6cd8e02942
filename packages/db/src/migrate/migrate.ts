import { Client } from "pg";

import { readMigrations } from "./read-migrations.ts";
import { withSchemaEngine } from "./with-schema-engine.ts";

/** Any number will do, as long as it stays the same. */
const MIGRATION_LOCK = 7_100_227;

/**
 * Bring a database to this version's tables and return the names of what was applied.
 *
 * Doing it again changes nothing. Processes that start together do it one
 * after the other: the lock is held by a connection and so ends with it.
 */
export async function migrate(url: string): Promise<string[]> {
  const migrationsList = await readMigrations();
  const lock = new Client({ connectionString: url, application_name: "loupe-migrate" });
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    return await withSchemaEngine({ url }, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList,
        filters: { externalTables: [], externalEnums: [] },
      });
      return appliedMigrationNames;
    });
  } finally {
    await lock.end();
  }
}
