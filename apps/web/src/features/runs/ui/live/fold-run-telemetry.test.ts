import { ProjectId, RunId, type ProjectTelemetry, type RunView } from "@loupe/contracts";
import { QueryObserver } from "@tanstack/react-query";
import fc from "fast-check";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";

import { LiveCacheWriter } from "../../../../lib/live/live-cache.ts";
import { answeringTrpc } from "../../../../testing/answering-trpc.ts";
import type { RunCurve } from "./apply-curve-points.ts";
import { foldRunEvents } from "./fold-run-events.ts";
import { foldRunTelemetry } from "./fold-run-telemetry.ts";

const projectId = ProjectId.parse("018f0000-0000-7000-8000-000000000001");
const runId = RunId.parse("018f0000-0000-7000-8000-000000000002");
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Points of one attempt have a loss that tells them from those of another. */
const point = (step: number, attempt: number) => ({ step, loss: attempt, terms: {} });
const told = (from: number, to: number, attempt = 1): ProjectTelemetry => ({
  projectId,
  body: {
    type: "run.points",
    runId,
    attempt,
    afterStep: from - 1,
    points: range(from, to).map((step) => point(step, attempt)),
    step: to,
    loss: attempt,
    stepsPerSecond: 4,
    secondsLeft: 90,
  },
});

/** A browser that shows a run, and the rows that its server answers from. */
function aRunPage() {
  const { client, trpc, asked } = answeringTrpc();
  const writer = new LiveCacheWriter(client, trpc, [foldRunEvents, foldRunTelemetry]);
  const rows: RunCurve = { points: [], incidents: [], attempt: 1 };
  const server = { rows, run: { id: runId, projectId, status: "training", step: 0, attempt: 1 } };
  const curveKey = trpc.runs.curve.queryKey({ projectId, runId });
  client.setQueryData(curveKey, server.rows);
  client.setQueryData(trpc.runs.get.queryKey({ projectId, runId }), server.run as RunView);
  const stops = [
    writer.start(),
    ...[
      trpc.runs.curve.queryOptions({ projectId, runId }, { staleTime: Infinity }),
      trpc.runs.get.queryOptions({ projectId, runId }, { staleTime: Infinity }),
    ].map((options) => new QueryObserver(client, options as never).subscribe(() => undefined)),
  ];
  const stop = () => stops.forEach((each) => each());
  onTestFinished(stop);
  let answered = 0;
  return {
    client,
    trpc,
    asked,
    writer,
    stop,
    store(from: number, to: number, attempt = 1) {
      const points = server.rows.points.filter(({ step }) => step < from);
      const added = range(from, to).map((step) => point(step, attempt));
      server.rows = { ...server.rows, points: [...points, ...added], attempt };
    },
    takeOver(step: number) {
      const points = server.rows.points.filter((each) => each.step <= step);
      const incident = { step, kind: "resumed", message: "Resumed.", at: new Date(0) } as const;
      const attempt = server.rows.attempt + 1;
      server.rows = { points, attempt, incidents: [...server.rows.incidents, incident] };
      server.run = { ...server.run, attempt };
    },
    /** Answer what was asked from the rows as they are now. */
    async answer() {
      await vi.advanceTimersByTimeAsync(1);
      for (; answered < asked.length; answered++) {
        const { path, input, answer } = asked[answered]!;
        const { afterStep = -1 } = input as { afterStep?: number };
        const points = server.rows.points.filter(({ step }) => step > afterStep);
        answer(path === "runs.get" ? server.run : { ...server.rows, points });
        await vi.advanceTimersByTimeAsync(1);
      }
    },
    steps: () => client.getQueryData(curveKey)!.points.map(({ step }) => step),
    curve: () => client.getQueryData(curveKey)!,
    server: () => server.rows,
  };
}

test("points go onto the curve without a question", async () => {
  const page = aRunPage();
  page.writer.follow(told(1, 20));
  page.writer.follow(told(21, 30));
  await page.answer();
  expect(page.steps()).toEqual(range(1, 30));
  expect(page.asked).toEqual([]);
});

test("what comes behind a lost message has the missing steps read, from the last one that is there", async () => {
  const page = aRunPage();
  page.writer.follow(told(1, 20));
  page.store(1, 60);
  page.writer.follow(told(41, 60));
  await page.answer();
  expect(page.asked.map(({ input }) => input)).toEqual([{ projectId, runId, afterStep: 20 }]);
  expect(page.steps()).toEqual(range(1, 60));
});

test("points that did not fit are read", async () => {
  const page = aRunPage();
  page.store(1, 900);
  const { body } = told(1, 900);
  page.writer.follow({ projectId, body: { ...body, points: [] } as typeof body });
  await page.answer();
  expect(page.steps()).toEqual(range(1, 900));
});

test("while one reading is on its way others wait, and what came meanwhile is there too", async () => {
  const page = aRunPage();
  page.store(1, 20);
  page.writer.follow(told(11, 20));
  await vi.advanceTimersByTimeAsync(1);
  page.store(21, 40);
  page.writer.follow(told(31, 40));
  page.writer.follow(told(31, 40));
  expect(page.asked).toHaveLength(1);
  await page.answer();
  await page.answer();
  expect(page.steps()).toEqual(range(1, 40));
  expect(page.asked.length).toBeLessThanOrEqual(2);
});

test("a browser that comes back reads on from its last step", async () => {
  const page = aRunPage();
  page.writer.follow(told(1, 20));
  page.store(1, 70);
  page.writer.catchUp(projectId);
  await page.answer();
  expect(page.asked.map(({ path }) => path).toSorted()).toEqual(["runs.curve", "runs.get"]);
  expect(page.steps()).toEqual(range(1, 70));
});

test("the end of a run has its last steps read, of which nothing was heard", async () => {
  const page = aRunPage();
  page.writer.follow(told(1, 20));
  page.store(1, 70);
  const body = { type: "run.status", runId, status: "evaluating", stageDone: 0, stageTotal: 9 };
  page.writer.apply([{ projectId, sequence: 1, at: new Date(0), body: body as never }]);
  await page.answer();
  expect(page.steps()).toEqual(range(1, 70));
});

test("what a dead worker said late does not come between the steps of the one that took over", async () => {
  const page = aRunPage();
  page.writer.follow(told(1, 60));
  page.store(1, 60);
  page.takeOver(50);
  page.store(51, 55, 2);
  page.writer.follow(told(51, 55, 2));
  await page.answer();
  await page.answer();
  page.writer.follow(told(56, 60));
  await page.answer();
  expect(page.curve().points).toEqual(page.server().points);
});

test("whatever is lost, doubled or late, the curve ends with every step once", async () => {
  const story = fc.array(
    fc.record({
      length: fc.integer({ min: 1, max: 9 }),
      fate: fc.constantFrom("heard", "lost", "twice", "late"),
      isTakenOver: fc.nat({ max: 6 }).map((n) => n === 0),
      isAnswered: fc.boolean(),
    }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(story, async (batches) => {
      const page = aRunPage();
      const late: ProjectTelemetry[] = [];
      let step = 0;
      let attempt = 1;
      for (const { length, fate, isTakenOver, isAnswered } of batches) {
        if (isTakenOver) {
          step = Math.floor(step / 2);
          attempt++;
          page.takeOver(step);
        }
        page.store(step + 1, step + length, attempt);
        const news = told(step + 1, step + length, attempt);
        if (fate === "late") late.push(news);
        else
          for (let n = fate === "lost" ? 0 : fate === "twice" ? 2 : 1; n > 0; n--)
            page.writer.follow(news);
        step += length;
        if (isAnswered) await page.answer();
      }
      for (const news of late) page.writer.follow(news);
      page.writer.catchUp(projectId);
      for (let round = 0; round < 6; round++) await page.answer();
      expect(page.steps()).toEqual(range(1, step));
      page.stop();
    }),
  );
});
