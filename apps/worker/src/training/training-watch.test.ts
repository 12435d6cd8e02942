import { expect, test } from "vitest";

import { TrainingWatch } from "./training-watch.ts";

test("tells of a training that runs already, and of each that begins", () => {
  const watch = new TrainingWatch();
  const end = watch.begin();
  let told = 0;
  watch.whenTraining(() => told++);
  expect(told).toBe(1);
  watch.begin();
  expect(told).toBe(2);
  end();
  expect(told).toBe(2);
});

test("tells of none that has ended, and nobody who no longer listens", () => {
  const watch = new TrainingWatch();
  watch.begin()();
  let told = 0;
  const stop = watch.whenTraining(() => told++);
  expect(told).toBe(0);
  stop();
  watch.begin();
  expect(told).toBe(0);
});
