import { ProjectId, RunId, type ProjectEventBody, type RunView } from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { applyCurveEvent } from "./apply-curve-event.ts";
import { applyProbesEvent } from "./apply-probes-event.ts";
import { applyRunEvent } from "./apply-run-event.ts";

const uuid = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const runId = RunId.parse(uuid(1));
const run = {
  id: runId,
  projectId: ProjectId.parse(uuid(2)),
  status: "training",
  step: 10,
  steps: 400,
  loss: 0.5,
  stageDone: 10,
  stageTotal: 400,
  stepsPerSecond: 3,
  secondsLeft: 130,
  checkpointStep: null,
  modelVersionId: null,
} as RunView;
const progress = (...steps: number[]) =>
  ({
    type: "run.progress",
    runId,
    points: steps.map((step) => ({ step, loss: 1 / step, terms: {} })),
    stepsPerSecond: 4,
    secondsLeft: 90,
  }) as Extract<ProjectEventBody, { type: "run.progress" }>;

test("moves to the newest step with its loss and rates", () => {
  expect(applyRunEvent(run, progress(11, 12))).toMatchObject({
    step: 12,
    loss: 1 / 12,
    stageDone: 12,
    stepsPerSecond: 4,
    secondsLeft: 90,
  });
});

test("ignores a smaller step and another run", () => {
  expect(applyRunEvent(run, progress(9))).toBe(run);
  const other = { ...progress(40), runId: RunId.parse(uuid(7)) };
  expect(applyRunEvent(run, other)).toBe(run);
});

test("forgets the rates of training when the run goes on to something else", () => {
  const event = {
    type: "run.status",
    runId,
    status: "evaluating",
    stageDone: 0,
    stageTotal: 80,
  } as const;
  expect(applyRunEvent(run, event)).toMatchObject({
    status: "evaluating",
    stageTotal: 80,
    stepsPerSecond: null,
    secondsLeft: null,
  });
});

test("never leaves a final status, nor jumps where the table has no way", () => {
  const ended = { ...run, status: "cancelled" } as RunView;
  const status = (name: RunView["status"]) =>
    ({ type: "run.status", runId, status: name, stageDone: 0, stageTotal: 1 }) as const;
  expect(applyRunEvent(ended, status("training"))).toBe(ended);
  expect(applyRunEvent(ended, progress(99))).toBe(ended);
  expect(applyRunEvent(run, status("succeeded"))).toBe(run);
});

test("moves to the newest checkpoint as it is written, never back", () => {
  const event = { type: "run.checkpoint", runId, step: 50 } as const;
  const kept = applyRunEvent(run, event);
  expect(kept.checkpointStep).toBe(50);
  expect(applyRunEvent(kept, { ...event, step: 25 })).toBe(kept);
  expect(applyRunEvent(run, { ...event, runId: RunId.parse(uuid(7)) })).toBe(run);
});

test("keeps one point a step, ascending, whatever comes twice or again after a crash", () => {
  const batches = fc.array(
    fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
  );
  fc.assert(
    fc.property(batches, (lists) => {
      let curve: Parameters<typeof applyCurveEvent>[0] = { points: [], incidents: [] };
      for (const steps of lists) curve = applyCurveEvent(curve, progress(...steps));
      const steps = curve.points.map((point) => point.step);
      expect(steps).toEqual([...new Set(lists.flat())].sort((a, b) => a - b));
    }),
  );
});

test("adds a map to each known probe image, and asks again for an unknown one", () => {
  const probe = {
    imageId: uuid(5),
    step: 0,
    score: 1,
    fileName: "3.png",
    category: "cap",
    defectType: "cut",
  } as Parameters<typeof applyProbesEvent>[0][number];
  const event = {
    type: "run.probes",
    runId,
    step: 50,
    probes: [{ imageId: probe.imageId, score: 2 }],
  } as Extract<ProjectEventBody, { type: "run.probes" }>;

  const once = applyProbesEvent([probe], event);
  expect(once).toEqual([probe, { ...probe, step: 50, score: 2 }]);
  expect(applyProbesEvent(once!, event)).toEqual(once);
  expect(applyProbesEvent([], event)).toBeNull();
});
