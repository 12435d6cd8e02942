import type { RunView } from "@loupe/contracts";
import { expect, test } from "vitest";

import { describeStage } from "./describe-stage.ts";

const run = {
  method: "rd",
  status: "training",
  stageDone: 120,
  stageTotal: 400,
  step: 120,
  steps: 400,
  secondsLeft: 95,
  isCancelRequested: false,
  startedAt: new Date(0),
  finishedAt: null,
  error: null,
  worker: "plant-north",
  checkpointStep: 100,
} satisfies Partial<RunView>;

test("says step and time left while training", () => {
  expect(describeStage(run)).toEqual({ text: "Step 120 of 400 · 1 min 35 s left", share: 0.3 });
});

test("does not promise a time that nobody knows", () => {
  expect(describeStage({ ...run, secondsLeft: null }).text).toBe("Step 120 of 400");
  expect(describeStage({ ...run, status: "caching_features", stageTotal: 0 }).share).toBeNull();
});

test("says that it is stopping as soon as someone asked for it", () => {
  expect(describeStage({ ...run, isCancelRequested: true }).text).toBe("Stopping…");
});

test("waits for a worker where none works on it, and says from where it will go on", () => {
  const lost = { ...run, worker: null };
  expect(describeStage(lost)).toEqual({
    text: "Waiting for a worker to go on from step 100",
    share: null,
  });
  expect(describeStage({ ...lost, checkpointStep: null }).text).toBe(
    "Waiting for a worker to go on from its beginning",
  );
  expect(describeStage({ ...lost, isCancelRequested: true }).text).toBe("Stopping…");
});

test("gives the reason of a failure", () => {
  expect(describeStage({ ...run, status: "failed", error: "The disk is full." }).text).toBe(
    "The disk is full.",
  );
});

test("counts in the method's own words", () => {
  const bank = { ...run, method: "bank", step: 3, steps: 20, secondsLeft: null };
  expect(describeStage(bank).text).toBe("Round 3 of 20");
  expect(describeStage({ ...bank, status: "cancelled" }).text).toBe("Cancelled at round 3 of 20");
  expect(describeStage({ ...bank, status: "succeeded" }).text).toBe("20 rounds");
});
