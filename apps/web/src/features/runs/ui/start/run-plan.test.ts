import { expect, test } from "vitest";

import { firstPlan, readPlan } from "./run-plan.ts";

const version = { trainImages: 100, categories: ["board", "cap"] };
const plan = firstPlan("version", "tiny");

test("a plan that nobody touched is the preset's, and sound", () => {
  const read = readPlan(plan, version);
  expect(read).toMatchObject({ isSound: true, settings: {}, problems: {}, images: 100, runs: 1 });
  expect(read.numbers).toMatchObject({ steps: { value: 400 }, batch: { value: 4 } });
});

test("a preset in epochs becomes steps by the images of one run", () => {
  const paper = { ...plan, preset: "paper" } as const;
  expect(readPlan(paper, version).numbers.steps.value).toBe(250 * 12);
  const each = { ...paper, scope: { kind: "each" } } as const;
  expect(readPlan(each, version)).toMatchObject({ images: 50, runs: 2 });
  expect(readPlan(each, version).numbers.steps.value).toBe(250 * 6);
});

test("what is refused is named, and the estimate goes on with the preset", () => {
  const read = readPlan({ ...plan, steps: "0", edits: { width: "100" } }, version);
  expect(read.isSound).toBe(false);
  expect(read.numberProblems).toEqual({ steps: "A whole number from 1 to 1,000,000." });
  expect(Object.keys(read.problems)).toEqual(["width"]);
  expect(read.full).toEqual(read.base);
});

test("settings that differ are sent, and in full for the estimate", () => {
  const read = readPlan({ ...plan, edits: { width: "128" } }, version);
  expect(read.settings).toEqual({ width: 128 });
  expect(read.full).toMatchObject({ width: 128, noise: 0.3 });
});
