import { type Failure, ProjectId, type ProjectEvent } from "@loupe/contracts";
import { io } from "socket.io-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { LiveLine } from "../../testing/live-line.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { LiveConnection } from "./live-connection.ts";
import type { LiveSocket } from "./live-socket.ts";

const projectId = ProjectId.parse("01890000-0000-7000-8000-000000000001");
const otherId = ProjectId.parse("01890000-0000-7000-8000-000000000002");

let line: LiveLine;
const started: LiveConnection[] = [];
beforeEach(() => {
  vi.stubGlobal("window", new EventTarget());
  line = new LiveLine();
});
afterEach(async () => {
  for (const connection of started.splice(0)) connection.stop();
  await line.close();
  vi.unstubAllGlobals();
});

const NOT_NOW: Failure = { code: "UNAVAILABLE", message: "Not now.", details: {} };

const happen = (project = projectId): ProjectEvent =>
  line.record(project, { type: "cases.changed", count: 1 });

/** A page of a project, which was built from the data up to an event. */
function aPage({ project = projectId, afterSequence = 0 } = {}) {
  const clock = new ManualClock();
  const heard: number[] = [];
  const states: string[] = [];
  const sockets: LiveSocket[] = [];
  let resets = 0;
  const connection = new LiveConnection({
    projectId: project,
    afterSequence,
    openSocket: () => {
      const socket: LiveSocket = io(line.url, {
        autoConnect: false,
        forceNew: true,
        transports: ["websocket"],
        reconnectionDelay: 5,
        reconnectionDelayMax: 20,
      });
      sockets.push(socket);
      return socket;
    },
    onEvents: (events) => heard.push(...events.map(({ sequence }) => sequence)),
    onReset: () => (resets += 1),
    clock,
  });
  connection.subscribe(() => {
    const { state } = connection.getSnapshot();
    if (states.at(-1) !== state) states.push(state);
  });
  connection.start();
  started.push(connection);
  return {
    connection,
    clock,
    heard,
    states,
    sockets,
    resets: () => resets,
    now: () => connection.getSnapshot(),
  };
}
type Page = ReturnType<typeof aPage>;

/** A busy machine may take seconds. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 5 });
const untilLive = (page: Page) => until(() => expect(page.now().state).toBe("live"));

async function aLivePage(options: Parameters<typeof aPage>[0] = {}): Promise<Page> {
  const page = aPage(options);
  await untilLive(page);
  return page;
}

test("connects, joins its project and catches up what came after the data of the page", async () => {
  await line.open();
  for (let i = 0; i < 5; i++) happen();
  const page = aPage({ afterSequence: 3 });
  expect(page.now().state).toBe("connecting");
  await untilLive(page);
  expect(line.joins).toEqual([{ projectId, afterSequence: 3 }]);
  expect(page.heard).toEqual([4, 5]);
  expect(page.now()).toMatchObject({ sequence: 5, caughtUp: null, people: 1, refusal: null });
});

test("an event counts once and in its turn, however often and late it comes", async () => {
  await line.open();
  const page = await aLivePage();
  const [first, second, third] = [happen(), happen(), happen()];
  line.tell(first, first, third, second, first, third, second);
  line.tell(happen());
  await until(() => expect(page.heard).toEqual([1, 2, 3, 4]));
  expect(line.joins).toHaveLength(1);
});

test("what was lost on the way is asked for after a moment, and comes once", async () => {
  await line.open();
  const page = await aLivePage();
  happen();
  const late = happen();
  line.tell(late);
  await until(() => expect(page.clock.waiting).toBe(2));
  expect(page.heard).toEqual([]);
  page.clock.pass(400);
  await until(() => expect(page.heard).toEqual([1, 2]));
  line.tell(late, happen());
  await until(() => expect(page.heard).toEqual([1, 2, 3]));
});

test("says that the server went away, comes back by itself, and tells what it has caught up", async () => {
  await line.open();
  const page = await aLivePage();
  line.tell(happen());
  await until(() => expect(page.heard).toEqual([1]));
  await line.close();
  await until(() => expect(page.now().state).toBe("reconnecting"));
  page.clock.pass(4_399);
  expect(page.now().state).toBe("reconnecting");
  page.clock.pass(1);
  expect(page.now().state).toBe("offline");

  happen();
  happen();
  await line.open();
  await untilLive(page);
  expect(page.heard).toEqual([1, 2, 3]);
  expect(page.now().caughtUp).toBe(2);
  page.clock.pass(6_000);
  expect(page.now().caughtUp).toBeNull();
  expect(page.resets()).toBe(0);
});

test("a line that hangs is lost without a word; one that gives signs is not", async () => {
  await line.open();
  const silent = await aLivePage();
  silent.clock.pass(4_400);
  expect(silent.now().state).toBe("offline");
  silent.connection.stop();
  await line.close();

  await line.open({ pingMs: 20 });
  const page = await aLivePage();
  for (let i = 0; i < 3; i++) {
    page.clock.pass(3_000);
    await new Promise<void>((resolve) => page.sockets[0]?.io.once("ping", resolve));
  }
  expect(page.states).toEqual(["connecting", "live"]);
});

test("the browser's word that it is offline counts at once, and that it is online again, too", async () => {
  await line.open();
  const page = await aLivePage();
  window.dispatchEvent(new Event("offline"));
  expect(page.now().state).toBe("reconnecting");
  happen();
  window.dispatchEvent(new Event("online"));
  await untilLive(page);
  expect(page.heard).toEqual([1]);
});

test("when the server hangs up on purpose, the page asks again and hears why", async () => {
  await line.open();
  const page = await aLivePage();
  line.nextRefusals.push(new Error("Sign in to go on."));
  line.io.disconnectSockets();
  await until(() => expect(page.now().refusal).toBe("Sign in to go on."));
  expect(page.now().state).toBe("offline");
  page.clock.pass(5_000);
  await untilLive(page);
  expect(page.now().refusal).toBeNull();
});

test("a refusal that passes is none: it asks again sooner and blames the database", async () => {
  await line.open();
  line.nextRefusals.push(Object.assign(new Error("Not now."), { data: { error: NOT_NOW } }));
  line.nextReplies.push({ ok: false, error: NOT_NOW });
  const page = aPage();
  await until(() => expect(page.now().isDatabaseUp).toBe(false));
  expect(page.now()).toMatchObject({ refusal: null, state: "connecting" });
  await until(() => expect(page.clock.waiting).toBe(2));
  page.clock.pass(2_000);
  await until(() => expect(line.joins).toHaveLength(1));
  await until(() => expect(page.clock.waiting).toBe(2));
  page.clock.pass(2_000);
  await untilLive(page);
  expect(page.now().isDatabaseUp).toBe(true);
});

test("a project that this person may not see is refused in the server's words", async () => {
  await line.open();
  line.nextReplies.push({
    ok: false,
    error: { code: "NOT_FOUND", message: "There is no such project.", details: {} },
  });
  const page = aPage();
  await until(() => expect(page.now().state).toBe("offline"));
  expect(page.now().refusal).toBe("There is no such project.");
});

test("nothing is live while the server has no database", async () => {
  await line.open();
  const page = await aLivePage();
  line.io.emit("health", { isDatabaseUp: false });
  await until(() => expect(page.now().state).toBe("reconnecting"));
  expect(page.now().isDatabaseUp).toBe(false);
  happen();
  line.io.emit("health", { isDatabaseUp: true });
  await untilLive(page);
  expect(page.now()).toMatchObject({ isDatabaseUp: true, caughtUp: 1 });
  expect(page.heard).toEqual([1]);
});

test("too much to replay makes the page read everything again, and go on from there", async () => {
  await line.open();
  const page = await aLivePage();
  for (let i = 0; i < 600; i++) happen();
  const presence = { projectId, focusId: null, isWhole: true, here: [], gone: [], people: 1 };
  line.nextReplies.push({ ok: true, events: [], sequence: 600, presence, isComplete: false });
  line.io.disconnectSockets();
  await until(() => expect(page.now().sequence).toBe(600));
  expect([page.resets(), page.heard]).toEqual([1, []]);
  line.tell(happen());
  await until(() => expect(page.heard).toEqual([601]));
});

test("an event of a newer server, which the page cannot read, makes it read everything again", async () => {
  await line.open();
  const page = await aLivePage();
  const [first, second] = [happen(), happen()];
  line.tell({ ...first, body: { type: "of the future" } as never }, second);
  await until(() => expect(page.heard).toEqual([2]));
  expect(page.resets()).toBe(1);
});

test("once stopped it hangs up, hears nothing and has nothing left to do", async () => {
  await line.open();
  const page = await aLivePage();
  happen();
  line.tell(happen());
  await until(() => expect(page.clock.waiting).toBe(2));
  page.connection.stop();
  await until(() => expect(line.io.sockets.sockets.size).toBe(0));
  page.clock.pass(60_000);
  expect([page.clock.waiting, page.heard, line.joins.length]).toEqual([0, [], 1]);
});

test("stopped while it waits to ask again, it asks no more", async () => {
  await line.open();
  line.nextRefusals.push(new Error("Sign in to go on."));
  const page = aPage();
  await until(() => expect(page.now().refusal).toBe("Sign in to go on."));
  page.connection.stop();
  page.clock.pass(60_000);
  expect(page.clock.waiting).toBe(0);
  expect(page.sockets[0]?.active).toBe(false);
});

test("started again it goes on where it stood", async () => {
  await line.open();
  const page = await aLivePage();
  line.tell(happen());
  await until(() => expect(page.heard).toEqual([1]));
  page.connection.stop();
  happen();
  page.connection.start();
  await until(() => expect(page.heard).toEqual([1, 2]));
  expect(line.joins.at(-1)).toEqual({ projectId, afterSequence: 1 });
});

test("who goes to another project hears nothing of the one that was left", async () => {
  await line.open();
  const old = await aLivePage();
  old.connection.stop();
  const page = await aLivePage({ project: otherId });
  // As if the server had not heard of the leave: every browser is told of the old project.
  line.tell(happen(), happen(), happen(otherId));
  await until(() => expect(page.heard).toEqual([1]));
  line.tell(happen(otherId));
  await until(() => expect(page.heard).toEqual([1, 2]));
  expect([old.heard, page.now().sequence]).toEqual([[], 2]);
});
