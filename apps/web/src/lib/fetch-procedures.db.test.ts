import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import { testDatabase } from "@loupe/db/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { fetchTrpc } from "../server/fetch-trpc.ts";
import type { AppRouter } from "../server/root.ts";
import { aWebWorld, SITE, type WebWorld } from "../testing/a-web-world.ts";
import { describeError } from "./describe-error.ts";
import { fetchProcedures } from "./fetch-procedures.ts";

const database = testDatabase();
let world: WebWorld;

beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

let origin: string;

/** The browser's line to the server: the cookie and the page's origin are added on the way. */
beforeEach(() => {
  origin = SITE;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    headers.set("cookie", world.home.callers.engineer.cookie);
    headers.set("origin", origin);
    return fetchTrpc(new Request(url, { ...init, headers }), world.services);
  });
});
afterEach(() => vi.unstubAllGlobals());

const client = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({ url: `${SITE}/api/trpc`, transformer: superjson, fetch: fetchProcedures }),
  ],
});

async function failureOf(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    return describeError(error);
  }
  throw new Error("Expected a failure, got an answer");
}

test("an answer is an answer", async () => {
  const { name } = await client.projects.create.mutate({ name: "Caps" });
  expect(name).toBe("Caps");
});

test("a procedure's failure is told in its own words", async () => {
  await client.projects.create.mutate({ name: "Rings" });
  const failure = await failureOf(client.projects.create.mutate({ name: "Rings" }));
  expect(failure).toMatchObject({ code: "NAME_TAKEN", isOffline: false });
});

test("a refusal before any procedure is no lost line: it says what to do and is not tried for ever", async () => {
  origin = "http://loupe.example";
  const failure = await failureOf(client.projects.create.mutate({ name: "Plates" }));
  expect(failure).toMatchObject({ code: "FORBIDDEN", isOffline: false });
  expect(failure.detail).toContain("http://loupe.example");
  expect(failure.detail).toContain(SITE);
});
