import { MAX_GAP_EVENTS, ProjectEvent, ProjectId } from "@loupe/contracts";
import { createLogger } from "@loupe/platform";
import fc from "fast-check";
import { expect, test } from "vitest";

import { ProjectRelay, type Gap } from "./project-relay.ts";

const projectId = ProjectId.parse("01890000-0000-7000-8000-000000000001");
const logger = createLogger("test", { level: "silent" });

function anEvent(sequence: number): ProjectEvent {
  return ProjectEvent.parse({
    projectId,
    sequence,
    at: new Date(0),
    body: { type: "cases.changed", count: sequence },
  });
}

/** A project with so many stored events, and a relay that notes what it passes on. */
function aProject(stored: number) {
  const rows = Array.from({ length: stored }, (_, i) => anEvent(i + 1));
  const passed: number[] = [];
  const reads = { newest: 0, after: 0 };
  const relay = new ProjectRelay({
    projectId,
    logger,
    emit: (event) => passed.push(event.sequence),
    events: {
      newestSequence: () => {
        reads.newest++;
        return Promise.resolve(rows.length);
      },
      listAfter: (_id, after, limit) => {
        reads.after++;
        return Promise.resolve(rows.slice(after, after + limit));
      },
    },
  });
  const commit = (count: number) => {
    for (let i = 0; i < count; i++) rows.push(anEvent(rows.length + 1));
  };
  return { relay, passed, rows, reads, commit };
}

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

test("passes each event on once and in order, whatever the bus loses, doubles or swaps", async () => {
  const deliveries = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(deliveries, async (notified) => {
      const { relay, passed, commit } = aProject(5);
      await relay.join(5, () => undefined);
      commit(30);
      for (const offset of notified) relay.accept(anEvent(5 + offset));
      relay.refresh();
      await relay.idle;
      expect(passed).toEqual(range(6, 35));
    }),
  );
});

test("a browser that joins gets its gap and then every later event, with nothing between", async () => {
  const { relay, passed, commit } = aProject(4);
  const seen: number[] = [];
  await relay.join(4, () => undefined);

  commit(3);
  relay.accept(anEvent(5));
  const joined = relay.join(2, (gap) => {
    seen.push(
      ...gap.events.map((event) => event.sequence),
      ...passed.filter((s) => s > gap.sequence),
    );
    passed.length = 0;
  });
  commit(2);
  relay.accept(anEvent(8));
  relay.accept(anEvent(9));
  await joined;
  await relay.idle;
  expect([...seen, ...passed]).toEqual(range(3, 9));
});

test("says that a gap is too long to replay, and so is a number from the future", async () => {
  const { relay } = aProject(MAX_GAP_EVENTS + 1);
  const gaps: Gap[] = [];
  await relay.join(0, (gap) => gaps.push(gap));
  await relay.join(1, (gap) => gaps.push(gap));
  await relay.join(MAX_GAP_EVENTS + 2, (gap) => gaps.push(gap));
  expect(gaps.map((gap) => [gap.events.length, gap.isComplete])).toEqual([
    [0, false],
    [MAX_GAP_EVENTS, true],
    [0, false],
  ]);
});

test("a crowd that comes at once costs the database no more than one browser does", async () => {
  const { relay, reads } = aProject(7);
  const gaps: Gap[] = [];
  await Promise.all(
    Array.from({ length: 1000 }, (_, i) =>
      relay.join(i % 2 === 0 ? 7 : 5, (gap) => gaps.push(gap)),
    ),
  );
  expect(gaps).toHaveLength(1000);
  expect(gaps[1]!.events.map((event) => event.sequence)).toEqual([6, 7]);
  expect(reads).toEqual({ newest: 1, after: 1 });
});

test("goes on after the database failed once", async () => {
  const { relay, passed, commit, rows } = aProject(1);
  await relay.join(1, () => undefined);
  commit(2);
  const kept = rows.splice(0, rows.length);
  rows.slice = () => {
    throw new Error("the database is away");
  };
  relay.accept(anEvent(3));
  await relay.idle;
  expect(passed).toEqual([]);

  Reflect.deleteProperty(rows, "slice");
  rows.push(...kept);
  relay.refresh();
  await relay.idle;
  expect(passed).toEqual([2, 3]);
});
