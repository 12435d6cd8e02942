import pg from "pg";
import { expect, inject, test } from "vitest";

import { copyTemplate } from "../testing/index.ts";
import { administer, databaseUrl } from "../testing/test-server.ts";
import { diffSchema } from "./diff-schema.ts";
import { migrate } from "./migrate.ts";
import { readMigrations } from "./read-migrations.ts";

async function withPool<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: url });
  pool.on("error", () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** Tables, columns, constraints, enums and indices of a database, as comparable lines. */
async function describe(url: string): Promise<string[]> {
  return withPool(url, async (pool) => {
    const { rows } = await pool.query<{ line: string }>(`
      select concat_ws(' ', table_name, column_name, udt_name, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public'
      union all
      -- When a constraint is asked is beside the schema file, which cannot say it.
      select concat_ws(' ', conrelid::regclass, conname,
        replace(pg_get_constraintdef(oid), ' DEFERRABLE', ''))
      from pg_constraint where connamespace = 'public'::regnamespace
      union all
      select indexdef from pg_indexes where schemaname = 'public'
      union all
      select concat_ws(' ', typname, enumlabel, enumsortorder)
      from pg_enum join pg_type on pg_type.oid = enumtypid
      order by line`);
    return rows.map((row) => row.line);
  });
}

test("the migrations lead to what schema.prisma says, and to our guards beside it", async () => {
  const migrated = await copyTemplate(inject("templateUrl"));
  const drawn = databaseUrl(inject("templateUrl"), "loupe_drawn");
  await administer(drawn, (client) => client.query("create database loupe_drawn"));
  const sql = await diffSchema(drawn, null);
  await withPool(drawn, (pool) => pool.query(sql));
  const wanted = await describe(drawn);
  const present = (await describe(migrated.url)).filter(
    (entry) => !entry.includes("_prisma_migrations"),
  );
  const guards =
    /_is_a_hash|_is_positive|_names_type|case_undecided_by_standard_score|case_by_standard_score|_one_under_way|_is_short|_named_once|actor_one_system|actor_users_are_persons/;
  const missing = wanted.filter((entry) => !present.includes(entry));
  const surplus = present.filter((entry) => !wanted.includes(entry) && !guards.test(entry));
  expect({ missing, surplus }).toEqual({ missing: [], surplus: [] });
  await administer(drawn, (client) => client.query("drop database loupe_drawn"));
  await migrated.drop();
});

test("migrating again, also from two processes at once, changes nothing", async () => {
  const copy = await copyTemplate(inject("templateUrl"));
  expect(await Promise.all([migrate(copy.url), migrate(copy.url)])).toEqual([[], []]);
  await withPool(copy.url, async (pool) => {
    await pool.query("drop schema public cascade; create schema public");
  });
  const together = await Promise.all([migrate(copy.url), migrate(copy.url)]);
  const { migrationDirectories } = await readMigrations();
  expect(together.flat()).toEqual(migrationDirectories.map(({ path }) => path));
  await copy.drop();
});
