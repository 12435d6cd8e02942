import { randomUUID } from "node:crypto";

import { testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { MAX_BATCH_CALLS } from "../lib/max-batch-calls.ts";
import { aWebWorld, SITE, type WebWorld } from "../testing/a-web-world.ts";
import { callProcedure } from "../testing/call-procedure.ts";
import { fetchTrpc } from "./fetch-trpc.ts";

const database = testDatabase();
let world: WebWorld;
beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

test("a change is refused from another site's page and never happens by GET", async () => {
  const call = {
    caller: world.home.callers.owner,
    path: "projects.create",
    input: { name: `Project ${randomUUID()}` },
  } as const;
  const foreign = { origin: "https://evil.example" };
  expect(await callProcedure({ ...call, type: "mutation", headers: foreign })).toMatchObject({
    status: 403,
    code: "FORBIDDEN",
  });
  expect((await callProcedure({ ...call, type: "query" })).status).toBe(405);
  const projects = await world.db.projects.list(world.home.organisationId);
  expect(projects.map((project) => project.name)).not.toContain(call.input.name);
});

/** A batch of so many calls of a query, as our pages and as others would send it. */
async function askBatch(count: number, method: "GET" | "POST", comma = ","): Promise<Response> {
  const path = Array.from({ length: count }, () => "session.me").join(comma);
  const { cookie } = world.home.callers.owner;
  const request = new Request(`${SITE}/api/trpc/${path}?batch=1&input=%7B%7D`, {
    method,
    headers: { cookie, origin: SITE, "content-type": "application/json" },
    ...(method === "POST" ? { body: "{}" } : {}),
  });
  return fetchTrpc(request, world.services);
}

test.each(["GET", "POST"] as const)(
  "a %s asks for a page's worth of procedures",
  async (method) => {
    if (method === "GET") expect((await askBatch(MAX_BATCH_CALLS, method)).status).toBe(200);
    for (const comma of [",", "%2C", "%2c"]) {
      for (const count of [MAX_BATCH_CALLS + 1, 700]) {
        const answer = await askBatch(count, method, comma);
        expect(answer.status).toBe(400);
        expect(await answer.json()).toMatchObject({ error: { code: "BAD_INPUT" } });
      }
    }
  },
);

test("HEAD is answered, also with the origin of a page, ours or another", async () => {
  for (const origin of [SITE, "https://evil.example"]) {
    const request = new Request(`${SITE}/api/trpc/session.me`, {
      method: "HEAD",
      headers: { origin, cookie: world.home.callers.owner.cookie },
    });
    expect((await fetchTrpc(request, world.services)).status).toBe(204);
  }
});

test("bad input is answered with the first thing that is wrong", async () => {
  const call = {
    caller: world.home.callers.owner,
    path: "projects.create",
    type: "mutation",
  } as const;
  expect(await callProcedure({ ...call, input: { name: "  " } })).toMatchObject({
    status: 400,
    code: "BAD_INPUT",
    message: "name: Give the project a name",
  });
  expect(await callProcedure({ ...call, input: { name: "x".repeat(300_000) } })).toMatchObject({
    status: 413,
    code: "TOO_LARGE",
  });
});
