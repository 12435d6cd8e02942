import { randomUUID } from "node:crypto";

import type { CaseChange, CaseView } from "@loupe/contracts";
import { aCase, testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import {
  aWebWorld,
  fillProject,
  type Caller,
  type Content,
  type WebWorld,
} from "../../../testing/a-web-world.ts";
import { callProcedure } from "../../../testing/call-procedure.ts";

const database = testDatabase();
let world: WebWorld;
let content: Content;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  content = await fillProject(world.services, world.home);
});
afterAll(() => world.close());

type Verdict = {
  value: string;
  defectType?: string;
  seenVersion: number;
  idempotencyKey?: string;
  overturnReason?: string;
};

function give(caller: Caller, caseId: string, verdict: Verdict) {
  return callProcedure({
    caller,
    path: "review.verdict",
    type: "mutation",
    input: {
      projectId: world.home.projectId,
      caseId,
      idempotencyKey: randomUUID(),
      ...verdict,
    },
  });
}

const newestEvent = () => world.db.events.newestSequence(world.home.projectId);

test("a verdict on an outdated view is refused with what changed, and changes nothing", async () => {
  const opened = await aCase(world.db, world.home, { model: content.model });
  const { reviewer, engineer } = world.home.callers;
  const seenVersion = opened.version;

  const first = await give(reviewer, opened.id, {
    value: "defective",
    defectType: "scratch",
    seenVersion,
  });
  expect(first.status).toBe(200);
  const events = await newestEvent();

  const second = await give(engineer, opened.id, { value: "good", seenVersion });
  expect(second).toMatchObject({ status: 409, code: "CASE_CHANGED" });
  const { change } = second.details as { change: CaseChange };
  expect(change).toMatchObject({
    currentVersion: seenVersion + 1,
    state: "decided",
    verdict: { value: "defective", defectType: "scratch", author: { id: reviewer.userId } },
  });
  expect(await newestEvent()).toBe(events);

  const groundless = await give(engineer, opened.id, {
    value: "good",
    seenVersion: change.currentVersion,
  });
  expect(groundless).toMatchObject({ status: 422, code: "OVERTURN_NEEDS_REASON" });
  expect(groundless.details).toMatchObject({ change });
  expect(await newestEvent()).toBe(events);

  const informed = await give(engineer, opened.id, {
    value: "good",
    seenVersion: change.currentVersion,
    overturnReason: "Only dust.",
  });
  expect(informed.status).toBe(200);
  expect((informed.data as CaseView).verdicts).toHaveLength(2);
});

test("of many verdicts at once on the same view exactly one counts", async () => {
  const opened = await aCase(world.db, world.home, { model: content.model });
  const { owner, engineer, reviewer } = world.home.callers;
  const answers = await Promise.all(
    [owner, engineer, reviewer, owner, engineer, reviewer].map((caller) =>
      give(caller, opened.id, { value: "good", seenVersion: opened.version }),
    ),
  );
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409, 409, 409, 409]);
});

test("the same click sent twice counts once and is told once", async () => {
  const opened = await aCase(world.db, world.home, { model: content.model });
  const verdict = { value: "unsure", seenVersion: opened.version, idempotencyKey: randomUUID() };
  const before = await newestEvent();
  const first = await give(world.home.callers.reviewer, opened.id, verdict);
  const again = await give(world.home.callers.reviewer, opened.id, verdict);
  expect(again).toEqual(first);
  expect((again.data as CaseView).verdicts).toHaveLength(1);
  expect(await newestEvent()).toBe(before + 1);
});

test("a verdict taken back is told once, and the history keeps it", async () => {
  const opened = await aCase(world.db, world.home, { model: content.model });
  const idempotencyKey = randomUUID();
  await give(world.home.callers.reviewer, opened.id, {
    value: "good",
    seenVersion: opened.version,
    idempotencyKey,
  });
  const before = await newestEvent();
  const withdraw = () =>
    callProcedure({
      caller: world.home.callers.reviewer,
      path: "review.withdraw",
      type: "mutation",
      input: { projectId: world.home.projectId, caseId: opened.id, idempotencyKey },
    });
  const answer = await withdraw();
  expect(answer.data).toMatchObject({ state: "open", version: opened.version + 2, verdict: null });
  expect((answer.data as CaseView).verdicts[0]?.withdrawnAt).toBeInstanceOf(Date);
  expect(await withdraw()).toEqual(answer);
  expect(await newestEvent()).toBe(before + 1);
  const event = await world.db.events.find(world.home.projectId, before + 1);
  expect(event?.body).toMatchObject({
    type: "case.withdrawn",
    state: "open",
    verdict: null,
    withdrawn: { id: (answer.data as CaseView).verdicts[0]?.id },
  });
});

test("a defective verdict names its defect", async () => {
  const opened = await aCase(world.db, world.home, { model: content.model });
  const answer = await give(world.home.callers.reviewer, opened.id, {
    value: "defective",
    seenVersion: opened.version,
  });
  expect(answer).toMatchObject({ status: 400, code: "BAD_INPUT" });
});

test("the event of a verdict carries the counts as they then are, so that nobody has to count", async () => {
  const { db, home } = world;
  const opened = await aCase(db, home, { model: content.model, category: "counted" });
  await aCase(db, home, { model: content.model, category: "counted" });
  await give(home.callers.reviewer, opened.id, { value: "good", seenVersion: opened.version });
  const sequence = await newestEvent();
  const event = await db.events.find(home.projectId, sequence);
  const list = (scope: { category?: string }) =>
    db.cases.list({ projectId: home.projectId, state: "all", limit: 1, ...scope });
  const all = await list({});
  expect(all.countsSequence).toBe(sequence);
  expect(event?.body).toMatchObject({
    type: "case.verdict",
    counts: [
      { category: null, inspectionId: null, counts: all.counts },
      { category: "counted", inspectionId: null, counts: { open: 1, inReview: 0, decided: 1 } },
    ],
  });
});

test("of many verdicts at once each event's counts are those after it", async () => {
  const { db, home } = world;
  const cases = [];
  for (let i = 0; i < 6; i++) {
    cases.push(await aCase(db, home, { model: content.model, category: "rush" }));
  }
  const before = await newestEvent();
  await Promise.all(
    cases.map(({ id, version }) =>
      give(home.callers.reviewer, id, { value: "good", seenVersion: version }),
    ),
  );
  const events = await db.events.listAfter(home.projectId, before, 100);
  const rush = events.flatMap(({ body }) =>
    body.type === "case.verdict"
      ? [body.counts?.find(({ category }) => category === "rush")?.counts.decided]
      : [],
  );
  expect(rush).toEqual([1, 2, 3, 4, 5, 6]);
});
