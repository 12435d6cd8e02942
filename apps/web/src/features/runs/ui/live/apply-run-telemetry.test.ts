import { RunId, type RunPoint, type RunView } from "@loupe/contracts";
import { expect, test } from "vitest";

import { applyRunTelemetry } from "./apply-run-telemetry.ts";

const uuid = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const runId = RunId.parse(uuid(1));
const run = {
  id: runId,
  status: "training",
  step: 10,
  loss: 0.5,
  stageDone: 10,
  stageTotal: 400,
  stepsPerSecond: 3,
  secondsLeft: 130,
  checkpointStep: null,
  attempt: 2,
} as RunView;
const points = (step: number, attempt = 2) =>
  ({
    type: "run.points",
    runId,
    attempt,
    afterStep: step - 1,
    points: [] as RunPoint[],
    step,
    loss: 1 / step,
    stepsPerSecond: 4,
    secondsLeft: 90,
  }) as const;
const stage = (status: RunView["status"], stageDone: number) =>
  ({ type: "run.stage", runId, attempt: 2, status, stageDone, stageTotal: 80 }) as const;
const checkpoint = (step: number) => ({ type: "run.checkpoint", runId, attempt: 2, step }) as const;

test("moves to the newest step with its loss and rates", () => {
  expect(applyRunTelemetry(run, points(12))).toEqual({
    ...run,
    step: 12,
    loss: 1 / 12,
    stageDone: 12,
    stepsPerSecond: 4,
    secondsLeft: 90,
  });
});

test("ignores a smaller step and another run", () => {
  expect(applyRunTelemetry(run, points(9))).toBe(run);
  expect(applyRunTelemetry(run, { ...points(40), runId: RunId.parse(uuid(7)) })).toBe(run);
});

test("ignores what an earlier worker said late; one that it does not know has it read again", () => {
  expect(applyRunTelemetry(run, points(40, 1))).toBe(run);
  expect(applyRunTelemetry(run, points(11, 3))).toBeNull();
});

test("stays as it is once it has ended", () => {
  const ended: RunView = { ...run, status: "cancelled" };
  for (const told of [points(99), stage("training", 99), checkpoint(99), points(99, 3)]) {
    expect(applyRunTelemetry(ended, told)).toBe(ended);
  }
});

test("counts on inside its stage, never down and never in another stage", () => {
  const evaluating: RunView = { ...run, status: "evaluating", stageDone: 5, stageTotal: 80 };
  expect(applyRunTelemetry(evaluating, stage("evaluating", 9))?.stageDone).toBe(9);
  expect(applyRunTelemetry(evaluating, stage("evaluating", 4))).toBe(evaluating);
  expect(applyRunTelemetry(evaluating, stage("caching_features", 70))).toBe(evaluating);
  expect(applyRunTelemetry(evaluating, points(400))?.stageDone).toBe(5);
});

test("moves to the newest checkpoint as it is written, never back", () => {
  const kept = applyRunTelemetry(run, checkpoint(50));
  expect(kept?.checkpointStep).toBe(50);
  expect(applyRunTelemetry(kept!, checkpoint(25))).toBe(kept);
});
