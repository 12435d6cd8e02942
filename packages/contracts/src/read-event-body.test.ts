import { expect, test } from "vitest";

import { readEventBody } from "./read-event-body.ts";

const id = "018f0000-0000-7000-8000-000000000001";

test("a run's progress and checkpoints of earlier versions are read as events that say nothing", () => {
  const progress = {
    type: "run.progress",
    runId: id,
    points: [{ step: 1, loss: 1, terms: {} }],
    stepsPerSecond: 1,
    secondsLeft: 1,
  };
  expect(readEventBody(progress)).toEqual({ type: "retired" });
  expect(readEventBody({ type: "run.checkpoint", runId: id, step: 50 })).toEqual({
    type: "retired",
  });
});

test("how an import or inspection of earlier versions went is read under today's name", () => {
  const counts = { status: "succeeded", filesDone: 3, filesTotal: 3 };
  expect(readEventBody({ type: "import.progress", importId: id, ...counts })).toEqual({
    type: "import.status",
    importId: id,
    ...counts,
  });
  const images = { status: "scoring", imagesDone: 3, imagesTotal: 9 };
  expect(readEventBody({ type: "inspection.progress", inspectionId: id, ...images })).toEqual({
    type: "inspection.status",
    inspectionId: id,
    ...images,
  });
});

test("today's events are read as they are, and what is none is refused", () => {
  expect(readEventBody({ type: "run.created", runId: id })).toEqual({
    type: "run.created",
    runId: id,
  });
  for (const stored of [null, "run.progress", {}, { type: 7 }, { type: "toString" }]) {
    expect(() => readEventBody(stored)).toThrow();
  }
});
