import pg from "pg";
import { inject } from "vitest";

import { readMigrations } from "../migrate/read-migrations.ts";
import { administer, databaseUrl } from "./test-server.ts";

type Rows = Record<string, unknown>[];

/** Asks a database that no schema of today describes. */
export type RunSql = (sql: string, values?: unknown[]) => Promise<Rows>;

/** Numbers of migrations, such as "0012"; `upTo` itself is left out. */
export type MigrationSpan = { readonly from: string; readonly upTo: string };

/** A database as it was before the migrations of a span, filled, and what these make of it. */
export async function migrateFilled(
  { from, upTo }: MigrationSpan,
  fill: (run: RunSql) => Promise<void>,
  check: (run: RunSql) => Promise<void>,
): Promise<void> {
  const name = `loupe_from_${from}_to_${upTo}`;
  const url = databaseUrl(inject("templateUrl"), name);
  await administer(url, (client) => client.query(`create database ${name}`));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const run: RunSql = async (sql, values) => (await client.query<Rows[0]>(sql, values)).rows;
    const { migrationDirectories } = await readMigrations();
    for (const { path, migrationFile } of migrationDirectories) {
      const { content } = migrationFile;
      if (path < from && content.tag === "ok") await client.query(content.value);
    }
    await fill(run);
    for (const { path, migrationFile } of migrationDirectories) {
      const { content } = migrationFile;
      if (path >= from && path < upTo && content.tag === "ok") await client.query(content.value);
    }
    await check(run);
  } finally {
    await client.end();
    await administer(url, (admin) => admin.query(`drop database ${name} with (force)`));
  }
}
