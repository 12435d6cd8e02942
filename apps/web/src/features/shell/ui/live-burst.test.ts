import { CaseId, type CasePage, InspectionId, ProjectEvent, ProjectId } from "@loupe/contracts";
import { type InfiniteData, InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";

import { LiveCacheWriter } from "../../../lib/live/live-cache.ts";
import { answeringTrpc } from "../../../testing/answering-trpc.ts";
import { foldProjectEvents } from "../../projects/index.ts";
import { foldReviewEvents } from "../../review/index.ts";
import { foldInspectionEvents } from "../../inspect/index.ts";

const projectId = ProjectId.parse("018f0000-0000-7000-8000-000000000001");
const inspectionId = InspectionId.parse("018f0000-0000-7000-8000-000000000002");
const caseId = CaseId.parse("018f0000-0000-7000-8000-000000000003");
const COUNTED = { projectId, state: "all", limit: 1 } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const scoredId = (n: number) =>
  CaseId.parse(`018f0000-0000-7000-8000-${String(1000 + n).padStart(12, "0")}`);

/**
 * Every second event is one of the cases that a batch of scores has opened, with the counts as of
 * then, and with their names where they are few enough.
 */
const scored = (sequence: number, isNamed: boolean): ProjectEvent =>
  ProjectEvent.parse({
    projectId,
    sequence,
    at: new Date(0),
    body:
      sequence % 2 === 1
        ? {
            type: "inspection.status",
            inspectionId,
            status: "scoring",
            imagesDone: sequence,
            imagesTotal: 500,
          }
        : {
            type: "cases.changed",
            count: 1,
            ...(isNamed && { caseIds: [scoredId(sequence)] }),
            counts: [
              {
                category: null,
                inspectionId: null,
                counts: { open: sequence, inReview: 0, decided: 0 },
              },
            ],
          },
  });

const page = {
  rows: [],
  nextCursor: null,
  counts: { open: 0, inReview: 0, decided: 0 },
  countsSequence: 0,
};
/** A case that a batch of scores has opened: later ones are more anomalous. */
const scoredCase = (id: CaseId) => ({
  id,
  state: "open",
  version: 0,
  modelRank: 1,
  standardScore: Number(id.slice(-12)),
  category: "cap",
  inspectionId: null,
});
const ANSWERS: Readonly<Record<string, unknown>> = {
  "review.cases": page,
  "review.case": { id: caseId, verdicts: [] },
  "review.defectTypes": [],
  "projects.get": { id: projectId, openCaseCount: 0, eventSequence: 0 },
  "inspections.list": [{ id: inspectionId, status: "scoring", imagesDone: 0, imagesTotal: 500 }],
};

/** A page of the review lives through a burst of 500 events of scoring. */
async function aBurst({ isNamed }: { isNamed: boolean }) {
  const { client, trpc, asked } = answeringTrpc();
  const folds = [foldProjectEvents, foldReviewEvents, foldInspectionEvents];
  const writer = new LiveCacheWriter(client, trpc, folds);
  const queue = { pages: 0, mostAtOnce: 0, now: 0 };
  const readQueue = async () => {
    queue.pages += 1;
    queue.mostAtOnce = Math.max(queue.mostAtOnce, ++queue.now);
    await new Promise((resolve) => setTimeout(resolve, 100));
    queue.now -= 1;
    return page;
  };
  const queueKey = trpc.review.cases.infiniteQueryKey({ projectId, state: "all" });
  const stops = [
    writer.start(),
    new InfiniteQueryObserver(client, {
      queryKey: queueKey,
      queryFn: readQueue,
      initialPageParam: null,
      getNextPageParam: () => null,
    }).subscribe(() => undefined),
    ...[
      trpc.review.cases.queryOptions(COUNTED),
      trpc.review.case.queryOptions({ projectId, caseId }),
      trpc.review.defectTypes.queryOptions({ projectId }),
      trpc.projects.get.queryOptions({ projectId }),
      trpc.inspections.list.queryOptions({ projectId }),
    ].map((options) => new QueryObserver(client, options as never).subscribe(() => undefined)),
  ];
  onTestFinished(() => stops.forEach((stop) => stop()));
  let answered = 0;
  const answerAll = () => {
    for (; answered < asked.length; answered++) {
      const { path, input, answer } = asked[answered]!;
      const { caseIds = [] } = input as { caseIds?: CaseId[] };
      answer(path === "review.casesById" ? caseIds.map(scoredCase) : ANSWERS[path]);
    }
  };
  await vi.advanceTimersByTimeAsync(1);
  answerAll();
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toHaveLength(5);

  for (let sequence = 1; sequence <= 500; sequence++) {
    writer.apply([scored(sequence, isNamed)]);
    await vi.advanceTimersByTimeAsync(4);
    answerAll();
  }
  await vi.advanceTimersByTimeAsync(2000);
  answerAll();
  await vi.advanceTimersByTimeAsync(2000);

  // The counts came with the events, and so did the progress.
  expect(client.getQueryData(trpc.review.cases.queryKey(COUNTED))?.counts.open).toBe(500);
  expect(client.getQueryData(trpc.projects.get.queryKey({ projectId }))?.openCaseCount).toBe(500);
  expect(client.getQueryData(trpc.inspections.list.queryKey({ projectId }))?.[0]?.imagesDone).toBe(
    499,
  );
  const pages = client.getQueryData<InfiniteData<CasePage>>(queueKey)?.pages;
  return { queue, shown: pages?.flatMap(({ rows }) => rows), again: asked.slice(5) };
}

test("of a burst that names its cases those alone are read, and stand where they belong", async () => {
  const { again, queue, shown } = await aBurst({ isNamed: true });
  expect(new Set(again.map(({ path }) => path))).toEqual(new Set(["review.casesById"]));
  expect(again.length).toBeLessThanOrEqual(6);
  expect(queue.pages).toBe(1);
  const even = Array.from({ length: 250 }, (_, n) => scoredId(500 - 2 * n));
  expect(shown?.map(({ id }) => id)).toEqual(even);
});

test("a burst of too many to name asks for no counts, and for a list once in half a second", async () => {
  const { again, queue } = await aBurst({ isNamed: false });
  expect(new Set(again.map(({ path }) => path))).toEqual(new Set(["review.case"]));
  expect(again.length).toBeLessThanOrEqual(6);
  expect(queue.pages).toBeLessThanOrEqual(1 + 6);
  expect(queue.mostAtOnce).toBe(1);
});
