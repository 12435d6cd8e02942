import { TRANSITIONS } from "@loupe/contracts";
import { expect, test } from "vitest";

import { aRun, aWorld, testDatabase } from "../testing/index.ts";

const database = testDatabase();

test.each(Object.entries(TRANSITIONS))(
  "%s moves along its table, in the database too",
  async (table, moves) => {
    const { rows } = await database.db.pool.query<{ arguments: string[] }>(
      `select string_to_array(encode(tgargs, 'escape'), '\\000') as arguments
     from pg_trigger where tgrelid = $1::regclass and tgname = $2`,
      [table, `${table}_status_transition`],
    );
    const allowed = Object.entries<readonly string[]>(moves).flatMap(([from, after]) =>
      after.filter((to) => to !== from).map((to) => `${from} ${to}`),
    );
    expect(rows[0]?.arguments.filter((each) => each !== "").toSorted()).toEqual(allowed.toSorted());
  },
);

test("every column of a status is in the table", async () => {
  const { rows } = await database.db.pool.query<{ table: string }>(
    `select c.table_name as table from information_schema.columns c
     where c.table_schema = 'public' and c.column_name = 'status' and c.data_type = 'USER-DEFINED'`,
  );
  expect(rows.map(({ table }) => table).toSorted()).toEqual(Object.keys(TRANSITIONS).toSorted());
});

test("a jump is refused, a move and a change of something else are not", async () => {
  const world = await aWorld(database.db);
  const run = await aRun(database.db, world);
  const set = (status: string) =>
    database.db.pool.query(`update "training_run" set "status" = $1::"RunStatus" where "id" = $2`, [
      status,
      run.id,
    ]);
  await expect(set("succeeded")).rejects.toThrow(/cannot go from queued to succeeded/);
  await set("queued");
  await set("cancelled");
  await expect(set("queued")).rejects.toThrow(/cannot go from cancelled to queued/);
});
