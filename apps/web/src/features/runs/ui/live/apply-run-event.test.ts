import { ProjectId, RunId, type ProjectEventBody, type RunView } from "@loupe/contracts";
import { expect, test } from "vitest";

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
  expect(applyRunEvent(run, status("succeeded"))).toBe(run);
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
