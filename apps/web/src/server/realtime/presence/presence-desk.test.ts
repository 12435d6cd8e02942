import {
  CaseId,
  focusRoom,
  PRESENCE_EXPIRY_MS,
  PRESENCE_LIST_MS,
  PRESENCE_SHOWN_TABS,
  ProjectId,
  projectRoom,
  UserId,
  type Presence,
  type PresenceMessage,
  type PresenceUpdate,
} from "@loupe/contracts";
import { expect, test } from "vitest";

import { PresenceDesk } from "./presence-desk.ts";
import type { RoomOf } from "./presence-room.ts";

const projectId = ProjectId.parse("01890000-0000-7000-8000-000000000001");
const caseA = CaseId.parse("01890000-0000-7000-8000-00000000000a");
const caseB = CaseId.parse("01890000-0000-7000-8000-00000000000b");
const wholeProject: RoomOf = { projectId, focusId: null };
const logger = { warn: () => undefined };

function tab(name: string, caseId: CaseId | null = null): Presence {
  const user = { id: UserId.parse(`user ${name}`), name: `Reviewer ${name}`, site: null };
  return { projectId, connectionId: name, user, caseId, runId: null };
}

/** Web processes on one bus, each with browsers in its rooms, on one clock. */
function aSite(processes: readonly string[]) {
  const desks: PresenceDesk[] = [];
  const said: PresenceMessage[] = [];
  const told: { process: string; room: string; update: PresenceUpdate }[] = [];
  const inRoom = new Map<string, number>();
  const site = {
    said,
    told,
    inRoom,
    nowMs: 0,
    isBusAway: false,
    start: (process: string) => {
      const desk = new PresenceDesk({
        processId: process,
        logger,
        publish: (message) => {
          if (site.isBusAway) return Promise.reject(new Error("the bus is away"));
          said.push(message);
          for (const other of desks) other.hear(message, site.nowMs);
          return Promise.resolve();
        },
        listeners: {
          count: (room) => inRoom.get(room) ?? 0,
          tell: (room, update) => told.push({ process, room, update }),
        },
      });
      desks.push(desk);
      return desk;
    },
    /** Let so much time pass, as the timers of the processes see it. */
    pass: async (ms: number) => {
      const until = site.nowMs + ms;
      while (site.nowMs < until) {
        site.nowMs += 100;
        for (const desk of desks) desk.tick(site.nowMs);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    end: (desk: PresenceDesk) => desks.splice(desks.indexOf(desk), 1),
  };
  return { site, desks: processes.map((name) => site.start(name)) };
}

const whoOf = (desk: PresenceDesk) =>
  desk
    .whole(wholeProject)
    .here.map((presence) => presence.connectionId)
    .toSorted();

test("processes tell each other within a second who comes, moves and goes", async () => {
  const { site, desks } = aSite(["north", "south"]);
  const [north, south] = desks as [PresenceDesk, PresenceDesk];
  north.set(tab("a", caseA));
  south.set(tab("b"));
  await site.pass(1000);
  for (const desk of desks) expect(whoOf(desk)).toEqual(["a", "b"]);
  north.set(tab("a", caseB));
  south.remove(tab("b"));
  await site.pass(1000);
  for (const desk of desks) expect(desk.whole(wholeProject).here).toEqual([tab("a", caseB)]);
  expect(south.whole({ projectId, focusId: caseA }).people).toBe(0);
  expect(south.whole({ projectId, focusId: caseB }).here).toEqual([tab("a", caseB)]);
});

test("a process that starts late is told at once who is there", async () => {
  const { site, desks } = aSite(["north"]);
  desks[0]!.set(tab("a"));
  await site.pass(1000);
  const late = site.start("south");
  await site.pass(1000);
  expect(whoOf(late)).toEqual(["a"]);
});

test("what the bus could not take is made good when it is back", async () => {
  const { site, desks } = aSite(["north", "south"]);
  const [north, south] = desks as [PresenceDesk, PresenceDesk];
  north.set(tab("a"));
  await site.pass(1000);
  site.isBusAway = true;
  north.remove(tab("a"));
  north.set(tab("b"));
  await site.pass(1000);
  site.isBusAway = false;
  await site.pass(3000);
  expect(whoOf(south)).toEqual(["b"]);
});

test("the people of a process that ends are gone at once, of one that dies after the expiry", async () => {
  const { site, desks } = aSite(["north", "south", "west"]);
  const [north, south, west] = desks as [PresenceDesk, PresenceDesk, PresenceDesk];
  [north, south, west].forEach((desk, i) => desk.set(tab(`${i}`)));
  await site.pass(1000);
  await west.close();
  site.end(west);
  expect(whoOf(north)).toEqual(["0", "1"]);
  site.end(south);
  await site.pass(PRESENCE_EXPIRY_MS - 2000);
  expect(whoOf(north)).toEqual(["0", "1"]);
  await site.pass(3000);
  expect(whoOf(north)).toEqual(["0"]);
});

test("nothing is repeated: people who rest cost one list in ten seconds", async () => {
  const { site, desks } = aSite(["north", "south"]);
  site.inRoom.set(projectRoom(projectId), 2);
  desks[0]!.set(tab("a"));
  desks[1]!.set(tab("b"));
  await site.pass(2000);
  site.said.length = 0;
  site.told.length = 0;
  await site.pass(3 * PRESENCE_LIST_MS);
  expect(site.told).toEqual([]);
  expect(site.said.length).toBeLessThanOrEqual(6);
});

test("of a thousand people who all move, a browser hears of fifty and a count, seldom", async () => {
  const { site, desks } = aSite(["north", "south"]);
  const room = projectRoom(projectId);
  site.inRoom.set(room, 500);
  const people = Array.from({ length: 1000 }, (_, i) => `p${i}`);
  for (let second = 0; second < 10; second++) {
    people.forEach((name, i) => {
      desks[i % 2]!.set(tab(name, second % 2 === 0 ? caseA : caseB));
    });
    await site.pass(1000);
  }
  const heard = site.told.filter((telling) => telling.process === "north");
  // 500 browsers on a process: once a second and no more.
  expect(heard.length).toBeLessThanOrEqual(11);
  for (const { update } of heard) {
    expect(update.here.length).toBeLessThanOrEqual(PRESENCE_SHOWN_TABS);
  }
  for (const desk of desks) {
    const whole = desk.whole(wholeProject);
    expect(whole.people).toBe(1000);
    expect(whole.here).toHaveLength(PRESENCE_SHOWN_TABS);
  }
  // Between the processes: two batches of changes a person and second at most, many in one message.
  expect(site.said.length).toBeLessThanOrEqual(10 * 2 * 40);
});

test("those on the same case hear of each other though they are not among the fifty", async () => {
  const { site, desks } = aSite(["north", "south"]);
  for (let i = 0; i < 200; i++) desks[0]!.set(tab(`p${i}`));
  const room = focusRoom(projectId, caseA);
  desks[0]!.set(tab("first", caseA));
  await site.pass(1000);
  expect(desks[0]!.whole({ projectId, focusId: caseA }).here).toEqual([tab("first", caseA)]);
  site.inRoom.set(room, 1);
  desks[1]!.set(tab("second", caseA));
  await site.pass(1000);
  const update = site.told.find((telling) => telling.process === "north" && telling.room === room);
  expect(update?.update).toMatchObject({ focusId: caseA, here: [tab("second", caseA)], people: 2 });
});

test("one who enters between two tellings ends up knowing what the others know", async () => {
  const { site, desks } = aSite(["north"]);
  const desk = desks[0]!;
  const room = projectRoom(projectId);
  const seen = new Map<string, Presence>();
  const take = (update: PresenceUpdate) => {
    if (update.isWhole) seen.clear();
    for (const connectionId of update.gone) seen.delete(connectionId);
    for (const presence of update.here) seen.set(presence.connectionId, presence);
  };
  desk.set(tab("a"));
  site.inRoom.set(room, 1);
  await site.pass(1000);
  desk.set(tab("b"));
  take(desk.whole(wholeProject));
  site.inRoom.set(room, 2);
  const before = site.told.length;
  desk.remove(tab("b"));
  desk.remove(tab("a"));
  desk.set(tab("c"));
  await site.pass(1000);
  for (const { update } of site.told.slice(before)) take(update);
  expect([...seen.keys()]).toEqual(["c"]);
});

test("people are counted once however many tabs they have open", async () => {
  const { site, desks } = aSite(["north"]);
  const { user } = tab("a");
  for (const connectionId of ["1", "2", "3"]) desks[0]!.set({ ...tab(connectionId), user });
  desks[0]!.set(tab("b"));
  desks[0]!.remove({ projectId, connectionId: "1" });
  await site.pass(1000);
  expect(desks[0]!.whole(wholeProject)).toMatchObject({ people: 2 });
  expect(whoOf(desks[0]!)).toEqual(["2", "3", "b"]);
});
