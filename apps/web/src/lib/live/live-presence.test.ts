import { CaseId, ProjectId, UserId, type Presence } from "@loupe/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { nobodyIn, playedSocket } from "../../testing/played-socket.ts";
import { LiveConnection } from "./live-connection.ts";

const projectId = ProjectId.parse("01890000-0000-7000-8000-000000000001");
const caseA = CaseId.parse("01890000-0000-7000-8000-00000000000a");
const caseB = CaseId.parse("01890000-0000-7000-8000-00000000000b");

beforeEach(() => void vi.stubGlobal("window", new EventTarget()));
afterEach(() => void vi.unstubAllGlobals());

const nobody = nobodyIn(projectId);

function aConnection() {
  const { socket, sent, say } = playedSocket(projectId);
  const connection = new LiveConnection({
    projectId,
    afterSequence: 0,
    openSocket: () => socket,
    onEvents: () => undefined,
    onReset: () => undefined,
  });
  connection.start();
  return { connection, sent, say };
}

test("what a page looks at is said once, also when one case gives way to the next", async () => {
  const { connection, sent } = aConnection();
  sent.length = 0;
  connection.setPresence({ caseId: caseA, runId: null });
  await Promise.resolve();
  connection.setPresence({ caseId: null, runId: null });
  connection.setPresence({ caseId: caseB, runId: null });
  await Promise.resolve();
  connection.stop();
  expect(sent).toEqual([
    { projectId, caseId: caseA, runId: null },
    { projectId, caseId: caseB, runId: null },
  ]);
});

test("nothing is repeated while nothing changes", () => {
  vi.useFakeTimers();
  const { connection, sent } = aConnection();
  sent.length = 0;
  vi.advanceTimersByTime(120_000);
  connection.stop();
  vi.useRealTimers();
  expect(sent).toEqual([]);
});

test("knows some of a crowd and the number of all, and forgets both with the connection", () => {
  const { connection, say } = aConnection();
  const user = { id: UserId.parse("ada"), name: "Reviewer North", site: null };
  const other: Presence = { projectId, connectionId: "theirs", user, caseId: caseA, runId: null };
  const mine: Presence = { ...other, connectionId: "mine" };
  say("presence", { ...nobody, isWhole: false, here: [other, mine], people: 951 });
  expect(connection.getSnapshot()).toMatchObject({ others: [other], people: 951 });
  say("disconnect", "transport close");
  expect(connection.getSnapshot()).toMatchObject({ others: [], people: 0, peopleOnFocus: 0 });
  connection.stop();
});
