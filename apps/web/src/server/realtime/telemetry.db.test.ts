import type { ProjectId, ProjectTelemetry, RunView } from "@loupe/contracts";
import type { RunLease } from "@loupe/db";
import { aRun, testDatabase } from "@loupe/db/testing";
import { publish, recordEvent } from "@loupe/platform";
import { QueryObserver } from "@tanstack/react-query";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";

import { foldRunEvents, foldRunTelemetry } from "../../features/runs/index.ts";
import { LiveCacheWriter } from "../../lib/live/live-cache.ts";
import { LiveConnection } from "../../lib/live/live-connection.ts";
import { aWebWorld, SITE, type WebWorld } from "../../testing/a-web-world.ts";
import { callingTrpc } from "../../testing/calling-trpc.ts";
import { aLiveSite, type LiveSite } from "../../testing/live-site.ts";

const database = testDatabase();
let world: WebWorld;
let site: LiveSite;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  site = await aLiveSite(world.services);
});
afterAll(async () => {
  await site.close();
  await world.close();
});

/** Long enough for a machine that has other things to do; what is awaited takes milliseconds. */
const soon = { timeout: 30_000, interval: 5 };
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);

type Batch = { readonly lease: RunLease; readonly from: number; readonly to: number };
const RATES = { stepsPerSecond: 40, secondsLeft: 9 };
const pointsOf = ({ lease, from, to }: Batch) =>
  range(from, to).map((step) => ({ step, loss: 1 / step, terms: { attempt: lease.token } }));

const store = (batch: Batch) => world.db.runs.recordPoints(batch.lease, pointsOf(batch), RATES);

function news(projectId: ProjectId, batch: Batch): ProjectTelemetry {
  const { lease, from, to } = batch;
  const common = { type: "run.points", runId: lease.runId, attempt: lease.token } as const;
  const points = pointsOf(batch);
  const body = { ...common, ...RATES, afterStep: from - 1, step: to, loss: 1 / to, points };
  return { projectId, body };
}

const tell = (...told: ProjectTelemetry[]) =>
  publish(world.db.pool, { kind: "telemetry", news: told });

async function claim(run: Pick<RunView, "id">, worker: string): Promise<RunLease> {
  const claimed = await world.db.runs.claim(run.id, worker);
  if (claimed === null) throw new Error("Expected a run that is to be had");
  return claimed.lease;
}

/** A page that shows a run: the browser's own code, over a real socket and real procedures. */
async function aRunPage({ id: runId, projectId }: RunView) {
  vi.stubGlobal("window", new EventTarget());
  const caller = world.home.callers.viewer;
  const { client, trpc, asked } = callingTrpc(caller);
  const writer = new LiveCacheWriter(client, trpc, [foldRunEvents, foldRunTelemetry]);
  const sockets: Socket[] = [];
  const connection = new LiveConnection({
    projectId,
    afterSequence: await world.db.events.newestSequence(projectId),
    openSocket: () => {
      const extraHeaders = { cookie: caller.cookie, origin: SITE };
      const socket = io(site.url, {
        transports: ["websocket"],
        forceNew: true,
        autoConnect: false,
        reconnection: false,
        extraHeaders,
      });
      sockets.push(socket);
      return socket;
    },
    onEvents: (events) => writer.apply(events),
    onTelemetry: (told) => writer.follow(told),
    onJoined: () => writer.catchUp(projectId),
    onReset: () => undefined,
  });
  const stops = [
    writer.start(),
    ...[
      trpc.runs.curve.queryOptions({ projectId, runId }, { staleTime: Infinity }),
      trpc.runs.get.queryOptions({ projectId, runId }, { staleTime: Infinity }),
    ].map((options) => new QueryObserver(client, options as never).subscribe(() => undefined)),
    () => connection.stop(),
  ];
  onTestFinished(() => stops.forEach((stop) => stop()));
  connection.start();
  const curve = () => client.getQueryData(trpc.runs.curve.queryKey({ projectId, runId }));
  const isLive = () => vi.waitFor(() => expect(connection.getSnapshot().state).toBe("live"), soon);
  const expectSteps = (steps: readonly number[]) =>
    vi.waitFor(() => expect(curve()?.points.map(({ step }) => step)).toEqual(steps), soon);
  await isLive();
  await expectSteps([]);
  return {
    asked,
    isLive,
    curve,
    expectSteps,
    run: () => client.getQueryData(trpc.runs.get.queryKey({ projectId, runId })),
    questions: () => asked.filter(({ path }) => path === "runs.curve").length,
    socket: () => sockets.at(-1)!,
  };
}

test("a page draws every step once: told, lost, doubled, while it was away, and after a worker's death", async () => {
  const { db } = world;
  const { projectId } = world.home;
  const run = await aRun(db, world.home);
  const lease = await claim(run, "first");
  const page = await aRunPage((await db.runs.find(run.id))!);
  const outside = await site.open(world.elsewhere.callers.owner);
  await outside.join(projectId);
  await outside.join(world.elsewhere.projectId);
  await vi.waitFor(() => expect(page.run()).toBeDefined(), soon);

  const before = page.questions();
  const first = { lease, from: 1, to: 20 };
  await store(first);
  await tell(news(projectId, first));
  await page.expectSteps(range(1, 20));
  await tell(news(projectId, first), news(projectId, first));
  const second = { lease, from: 21, to: 30 };
  await store(second);
  await tell(news(projectId, second));
  await page.expectSteps(range(1, 30));
  expect(page.run()).toMatchObject({ step: 30, stepsPerSecond: 40 });
  expect(page.questions()).toBe(before);

  // A message is lost: the next one shows the gap.
  await store({ lease, from: 31, to: 40 });
  const third = { lease, from: 41, to: 60 };
  await store(third);
  await tell(news(projectId, third));
  await page.expectSteps(range(1, 60));
  expect(page.asked.at(-1)?.input).toEqual({ projectId, runId: run.id, afterStep: 30 });

  // The line is away while the run goes on.
  page.socket().io.engine.close();
  await vi.waitFor(() => expect(page.socket().connected).toBe(false), soon);
  const fourth = { lease, from: 61, to: 80 };
  await store(fourth);
  await tell(news(projectId, fourth));
  page.socket().connect();
  await page.isLive();
  await page.expectSteps(range(1, 80));

  // The worker dies; the next one goes on from an earlier step.
  await db.runs.releaseLeasesOf("first");
  const next = await claim(run, "second");
  await db.transaction(async (tx) => {
    await tx.runs.rewindTo(next, 50);
    const incident = { step: 50, kind: "resumed", message: "Resumed." } as const;
    await tx.runs.recordIncident(run.id, incident);
    const body = { type: "run.incident", runId: run.id, step: 50, message: "Resumed." } as const;
    await recordEvent(tx, { projectId, body });
  });
  await page.expectSteps(range(1, 50));
  const fifth = { lease: next, from: 51, to: 90 };
  await store(fifth);
  await tell(news(projectId, fifth));
  await page.expectSteps(range(1, 90));
  await tell(news(projectId, fourth));
  const last = { lease: next, from: 91, to: 92 };
  await store(last);
  await tell(news(projectId, last));
  await page.expectSteps(range(1, 92));
  expect(page.curve()?.points).toEqual(await db.runs.points(run.id));
  expect(outside.telemetry).toEqual([]);
});

test("imports and inspections count in every browser of their project", async () => {
  const { projectId, callers } = world.home;
  const browser = await site.open(callers.viewer);
  await browser.join(projectId);
  const id = "018f0000-0000-7000-8000-000000000001";
  const told = [
    { projectId, body: { type: "import.files", importId: id, filesDone: 3, filesTotal: 9 } },
    {
      projectId,
      body: { type: "inspection.images", inspectionId: id, imagesDone: 3, imagesTotal: 9 },
    },
  ] as unknown as ProjectTelemetry[];
  await tell(...told);
  await vi.waitFor(() => expect(browser.telemetry).toEqual(told), soon);
});
