import { betterAuth } from "better-auth";
import { expect, test } from "vitest";

import { authAdapter } from "../auth-adapter.ts";
import { testDatabase, withDatabase } from "../testing/index.ts";
import { DEMO_PASSWORD, DEMO_PEOPLE, DEMO_SITES } from "./demo-organisation.ts";
import { listDemoPeople } from "./list-demo-people.ts";
import { seedDemo } from "./seed-demo.ts";

const database = testDatabase();

test("the demo is made once, also by two starts at once, and stays as people left it", async () => {
  const { db } = database;
  const made = await Promise.all([seedDemo(db), seedDemo(db)]);
  expect(made.sort()).toEqual([false, true]);
  const { rows } = await db.pool.query<{ id: string }>(`select "id" from "organization"`);
  expect(rows).toHaveLength(1);
  await db.pool.query(`delete from "user" where "email" = 'viewer@demo.loupe.local'`);
  expect(await seedDemo(db)).toBe(false);
  const { rowCount } = await db.pool.query(`select 1 from "user"`);
  expect(rowCount).toBe(DEMO_PEOPLE.length - 1);
  expect(await db.demoWorlds.listUnfinished()).toHaveLength(1);
});

test("the people of the demo can sign in, and nobody with another password", async () => {
  const { db } = database;
  await seedDemo(db);
  const auth = betterAuth({
    database: authAdapter(db),
    secret: "a secret of this test alone, long enough",
    baseURL: "http://localhost:3000",
    emailAndPassword: { enabled: true },
    telemetry: { enabled: false },
  });
  const body = { email: "engineer@demo.loupe.local", password: DEMO_PASSWORD };
  const { user } = await auth.api.signInEmail({ body });
  expect(user.name).toBe("Demo engineer");
  await expect(auth.api.signInEmail({ body: { ...body, password: "loupe-dem0" } })).rejects.toThrow(
    /password/i,
  );
});

test("a demo has three sites with someone to decide at each, and a project that waits for a worker", async () => {
  await withDatabase(async (db) => {
    expect(await seedDemo(db)).toBe(true);
    const [demoWorldId] = await db.demoWorlds.listUnfinished();
    const world = await db.demoWorlds.find(demoWorldId!);
    expect(world).toMatchObject({ phase: "rendering", plan: { size: 384 }, problem: null });
    const people = await db.members.list(world!.organisationId);
    const reviewing = people.filter(({ role }) => role === "reviewer");
    expect(reviewing.map(({ site }) => site).sort()).toEqual([...DEMO_SITES]);
    const projects = await db.projects.list(world!.organisationId);
    expect(projects.map(({ id }) => id)).toEqual([world!.projectId]);
  });
});

test.each([
  { content: "none", people: 0 },
  { content: "empty", people: DEMO_PEOPLE.length },
] as const)("with the content $content there are $people people and no project", async (wanted) => {
  await withDatabase(async (db) => {
    expect(await seedDemo(db, wanted.content)).toBe(wanted.people > 0);
    expect(await listDemoPeople(db)).toHaveLength(wanted.people);
    expect(await db.demoWorlds.listUnfinished()).toEqual([]);
  });
});

test("a demo that was removed or renamed is not made again", async () => {
  await withDatabase(async (db) => {
    await seedDemo(db);
    await db.pool.query(`update "organization" set "name" = 'Ours', "slug" = 'ours'`);
    expect(await seedDemo(db)).toBe(false);
    await db.pool.query(`delete from "organization"`);
    expect(await seedDemo(db)).toBe(false);
    expect(await db.demoWorlds.listUnfinished()).toEqual([]);
    expect((await db.pool.query(`select 1 from "organization"`)).rowCount).toBe(0);
  });
});
