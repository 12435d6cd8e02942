import {
  CaseId,
  type CasePage,
  InspectionId,
  ModelVersionId,
  type ProjectEventBody,
  VerdictId,
} from "@loupe/contracts";
import type { InfiniteData } from "@tanstack/react-query";
import fc from "fast-check";
import { expect, test } from "vitest";

import { anEvent, TEST_PROJECT as projectId, testUuid } from "../../../../testing/event-maker.ts";
import { notingCache } from "../../../../testing/noting-cache.ts";
import { Watching } from "../../../../testing/replay.ts";
import { foldReviewEvents } from "./fold-review-events.ts";

const caseIds = [1, 2, 3].map((n) => CaseId.parse(testUuid(100 + n)));
const inspectionId = InspectionId.parse(testUuid(5));
const none = { open: 0, inReview: 0, decided: 0 };
const ALL = { category: null, inspectionId: null, counts: none };
const aPage = (change: object = {}) =>
  ({ rows: [], nextCursor: null, counts: none, countsSequence: 0, ...change }) as CasePage;

/** A page that shows the queue of everything, that of a category, and a case. */
function aReviewer() {
  const world = notingCache();
  const { client, trpc } = world;
  const queue = (scope: object) =>
    trpc.review.cases.infiniteQueryKey({ projectId, state: "undecided", ...scope });
  const keys = { all: queue({}), cap: queue({ category: "cap" }), nut: queue({ category: "nut" }) };
  for (const key of Object.values(keys)) {
    client.setQueryData(key, { pages: [aPage()], pageParams: [null] });
  }
  const caseKey = trpc.review.case.queryKey({ projectId, caseId: caseIds[0]! });
  client.setQueryData(caseKey, { id: caseIds[0], verdicts: [] } as never);
  return { ...world, keys, caseKey };
}

test("cases that are named are read by name, with the open one among them, and no queue is", () => {
  const { cache, due, ids, caseKey } = aReviewer();
  const body = { type: "cases.changed", count: 2, caseIds: caseIds.slice(0, 2) } as const;
  foldReviewEvents(anEvent(1, { ...body, counts: [ALL] }), cache);
  expect(ids).toEqual(caseIds.slice(0, 2));
  expect(due).toEqual([{ queryKey: caseKey }]);
});

test("nothing is read where no queue is loaded and no such case is open", () => {
  const { cache, due, ids } = notingCache();
  const body = { type: "cases.changed" as const, count: 3, caseIds };
  foldReviewEvents(anEvent(1, { ...body, counts: [ALL] }), cache);
  expect([due, ids]).toEqual([[], []]);
});

test("of too many to name, the queues of their categories are read, others are not", () => {
  const { cache, due, ids, keys, trpc } = aReviewer();
  const counts = [
    ALL,
    { ...ALL, category: "cap" },
    { category: "cap", inspectionId, counts: none },
  ];
  foldReviewEvents(anEvent(1, { type: "cases.changed", count: 900, counts }), cache);
  expect(ids).toEqual([]);
  expect(due.map(({ queryKey }) => queryKey)).toEqual([
    keys.all,
    keys.cap,
    trpc.review.case.pathKey(),
  ]);
});

test.each<[string, ProjectEventBody]>([
  ["from before events carried counts", { type: "cases.changed", count: 1 }],
  [
    "that another version is active",
    {
      type: "model.activated",
      modelVersionId: ModelVersionId.parse(testUuid(9)),
      isRescoring: true,
    },
  ],
])("an event %s makes all of the review be read again", (_what, body) => {
  const { cache, due, trpc } = aReviewer();
  foldReviewEvents(anEvent(1, body), cache);
  expect(due).toEqual([{ queryKey: trpc.review.pathKey() }]);
});

const author = { id: "north", name: "Reviewer North", site: null };
const verdictOf = (n: number) => ({
  id: VerdictId.parse(testUuid(200 + n)),
  value: "good" as const,
  defectType: null,
  note: "",
  author,
  modelVersionNumber: 1,
  seenVersion: n,
  createdAt: new Date(n),
  overturnReason: null,
  withdrawnAt: null as Date | null,
});
type Verdict = ReturnType<typeof verdictOf>;
type Standing = { state: string; version: number; verdict: Verdict | null; verdicts: Verdict[] };

/** What a case has been, and the events between: verdicts, and some that were taken back. */
function aPast(steps: readonly boolean[]) {
  const standings: Standing[] = [{ state: "open", version: 0, verdict: null, verdicts: [] }];
  const bodies: ProjectEventBody[] = [];
  for (const [at, isTakenBack] of steps.entries()) {
    const { version, verdict, verdicts } = standings.at(-1)!;
    const counts = [{ ...ALL, counts: { ...none, decided: at } }];
    const shared = { caseId: caseIds[0]!, version: version + 1, counts };
    if (isTakenBack && verdict !== null) {
      const at5 = new Date(5);
      const marked = verdicts.map((one) =>
        one.id === verdict.id ? { ...one, withdrawnAt: at5 } : one,
      );
      const standing = marked.findLast(({ withdrawnAt }) => withdrawnAt === null) ?? null;
      const state = standing === null ? ("open" as const) : ("decided" as const);
      standings.push({ state, version: version + 1, verdict: standing, verdicts: marked });
      const withdrawn = { id: verdict.id, at: at5 };
      bodies.push({
        type: "case.withdrawn",
        ...shared,
        state,
        verdict: standing,
        withdrawn,
      } as never);
    } else {
      const given = verdictOf(at);
      const standing = { state: "decided", version: version + 1, verdict: given };
      standings.push({ ...standing, verdicts: [...verdicts, given] });
      bodies.push({ type: "case.verdict", ...shared, state: "decided", verdict: given } as never);
    }
  }
  return { standings, events: bodies.map((body, index) => anEvent(index + 1, body)) };
}

test("whenever a case was read, and however often verdicts and withdrawals come, queue and case end with what the server says", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
      Watching,
      (steps, { readAfter, late, again }) => {
        const { standings, events } = aPast(steps);
        const known = readAfter % standings.length;
        const from = known - (late % (known + 1));
        const { cache, client, keys, caseKey } = aReviewer();
        const { verdicts, ...row } = standings[known]!;
        const page = aPage({ rows: [{ id: caseIds[0], ...row }], countsSequence: known });
        client.setQueryData(keys.all, { pages: [page], pageParams: [null] });
        client.setQueryData(caseKey, { id: caseIds[0], ...row, verdicts } as never);
        for (let at = from; at < events.length; at++) {
          foldReviewEvents(events[at]!, cache);
          const repeated = again[at % again.length]! % (at - from + 2);
          for (const event of events.slice(at + 1 - repeated, at + 1)) {
            foldReviewEvents(event, cache);
          }
        }
        const { verdicts: history, ...end } = standings.at(-1)!;
        const queue = client.getQueryData<InfiniteData<CasePage>>(keys.all);
        expect(queue?.pages[0]?.rows[0]).toEqual({ id: caseIds[0], ...end });
        expect(client.getQueryData(caseKey)).toEqual({ id: caseIds[0], ...end, verdicts: history });
      },
    ),
  );
});
