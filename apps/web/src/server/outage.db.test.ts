import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { GiveVerdictInput, type CaseView } from "@loupe/contracts";
import { migrate, openDatabase, type Database } from "@loupe/db";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "@loupe/db/embedded-postgres";
import { aCase } from "@loupe/db/testing";
import { io } from "socket.io-client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { VerdictJournal } from "../features/review/ui/verdict/verdict-journal.ts";
import { VerdictSender } from "../features/review/ui/verdict/verdict-sender.ts";
import { LiveConnection } from "../lib/live/live-connection.ts";
import {
  aWebWorld,
  fillProject,
  SITE,
  type Content,
  type WebWorld,
} from "../testing/a-web-world.ts";
import { callProcedure } from "../testing/call-procedure.ts";
import { aLiveSite, type LiveSite } from "../testing/live-site.ts";
import { fetchAuth } from "./fetch-auth.ts";

/** The test files share one server: this one stops a server of its own, for real. */
let folder: string;
let postgres: EmbeddedPostgres;
let db: Database;
let world: WebWorld;
let content: Content;
let site: LiveSite;

const startServer = (port?: number) =>
  startEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    isDurable: false,
    ...(port !== undefined && { port }),
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-outage-"));
  await chmod(folder, 0o711);
  postgres = await startServer();
  await migrate(postgres.url);
  db = await openDatabase(postgres.url);
  world = await aWebWorld(db);
  content = await fillProject(world.services, world.home);
  site = await aLiveSite(world.services);
}, 120_000);
afterAll(async () => {
  await site.close();
  await world.close();
  await db.close();
  await postgres.stop();
  await rm(postgres.dataDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** A browser's sender, whose waits are over at once: what is tested is that it tries, not how soon. */
function aBrowser() {
  const { projectId } = world.home;
  const journal = new VerdictJournal("j", null);
  const refused: string[] = [];
  let attempts = 0;
  const call = async (path: string, input: unknown): Promise<CaseView> => {
    attempts++;
    const caller = world.home.callers.reviewer;
    const answer = await callProcedure({ caller, path, type: "mutation", input });
    if (answer.status === 200) return answer.data as CaseView;
    const { code, message, details } = answer;
    const data = { failure: { code, message, details } };
    throw Object.assign(new Error(answer.message), { data, status: answer.status });
  };
  const sender = new VerdictSender({
    projectId,
    journal,
    give: (input) => call("review.verdict", input),
    withdraw: (input) => call("review.withdraw", input),
    onAnswer: () => undefined,
    onRefused: (_entry, why) => void refused.push(why.sentence),
    schedule: (work) => {
      const timer = setTimeout(work, 20);
      return () => clearTimeout(timer);
    },
  });
  return { journal, sender, refused, attempts: () => attempts };
}

/** What a page knows of its connection, over a socket of its own. */
function aPage(): LiveConnection {
  // The browser's own word of a lost network; here there is none.
  vi.stubGlobal("window", new EventTarget());
  const page = new LiveConnection({
    projectId: world.home.projectId,
    afterSequence: 0,
    openSocket: () =>
      io(site.url, {
        transports: ["websocket"],
        forceNew: true,
        autoConnect: false,
        extraHeaders: { cookie: world.home.callers.engineer.cookie, origin: SITE },
      }),
    onEvents: () => undefined,
    onReset: () => undefined,
  });
  page.start();
  return page;
}

test("verdicts given while the database is away are there once when it is back, without a click", async () => {
  const { projectId, callers } = world.home;
  const cases = await Promise.all(
    Array.from({ length: 3 }, () => aCase(db, world.home, { model: content.model })),
  );
  const tab = await site.open(callers.reviewer);
  const health: boolean[] = [];
  tab.socket.on("health", ({ isDatabaseUp }) => health.push(isDatabaseUp));
  expect(await tab.join(projectId)).toMatchObject({ ok: true });
  const page = aPage();
  await vi.waitFor(() => expect(page.getSnapshot().state).toBe("live"), { timeout: 20_000 });

  await postgres.stop();
  await vi.waitFor(() => expect(health).toEqual([false]), { timeout: 20_000 });
  const browser = aBrowser();
  for (const { id: caseId, version } of cases) {
    const verdict = { projectId, caseId, value: "good", seenVersion: version };
    const input = GiveVerdictInput.parse({ ...verdict, idempotencyKey: randomUUID() });
    browser.sender.give(input, "part.png");
  }
  await vi.waitFor(() => expect(browser.attempts()).toBeGreaterThan(6), { timeout: 20_000 });
  expect(browser.journal.waiting(projectId)).toHaveLength(3);
  expect(browser.refused).toEqual([]);
  expect(await tab.join(projectId)).toMatchObject({
    ok: false,
    error: { code: "UNAVAILABLE" },
  });
  const late = await site.open(callers.viewer);
  expect(late.refusal).toMatch(/database/);
  await vi.waitFor(
    () => expect(page.getSnapshot()).toMatchObject({ state: "offline", isDatabaseUp: false }),
    { timeout: 30_000 },
  );

  postgres = await startServer(postgres.port);
  await vi.waitFor(() => expect(browser.journal.get()).toEqual([]), { timeout: 30_000 });
  await vi.waitFor(() => expect(health).toEqual([false, true]), { timeout: 30_000 });
  for (const { id } of cases) {
    const { state, verdicts } = await db.cases.require(id, projectId);
    expect([state, verdicts.length]).toEqual(["decided", 1]);
  }
  expect(browser.refused).toEqual([]);
  await vi.waitFor(
    () => expect(page.getSnapshot()).toMatchObject({ state: "live", isDatabaseUp: true }),
    { timeout: 30_000 },
  );
  page.stop();
  await vi.waitFor(() => expect(tab.events).toHaveLength(3), { timeout: 20_000 });
}, 120_000);

test("every door says that the database is away, and none that something is wrong", async () => {
  const { callers, projectId } = world.home;
  const route = await import("../app/api/images/[imageId]/original/route.ts");
  await postgres.stop();
  const asked = await callProcedure({
    caller: callers.owner,
    path: "review.cases",
    type: "query",
    input: { projectId },
  });
  expect(asked).toMatchObject({ status: 503, code: "UNAVAILABLE" });
  const file = await route.GET(
    new Request(`${SITE}/api/x`, { headers: { cookie: callers.owner.cookie } }),
    { params: Promise.resolve({ imageId: content.imageId }) },
  );
  expect(file.status).toBe(503);
  expect(await file.json()).toMatchObject({ error: { code: "UNAVAILABLE" } });
  const signIn = await fetchAuth(
    new Request(`${SITE}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { origin: SITE, "content-type": "application/json" },
      body: JSON.stringify({ email: "someone@example.org", password: "long enough for this" }),
    }),
    world.services,
  );
  expect(signIn.status).toBe(503);
  postgres = await startServer(postgres.port);
}, 120_000);
