import type { CaseId, UserId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { planVerdicts, type KnownCase } from "./plan-verdicts.ts";

const REVIEWERS = ["north", "south", "west"] as UserId[];
const cases = ["cap", "gasket"].flatMap((category) =>
  Array.from({ length: 50 }, (_, at): KnownCase => {
    const defectType = at < 30 ? (at % 2 === 0 ? "scratch" : "dent") : null;
    return { id: `${category}-${at}` as CaseId, category, defectType };
  }),
);
const truth = new Map(cases.map(({ id, defectType }) => [id, defectType]));
const stories = planVerdicts(cases, REVIEWERS);

test("leaves cases of every category to decide, and some for another look", () => {
  for (const category of ["cap", "gasket"]) {
    const told = stories.filter(({ caseId }) => caseId.startsWith(category));
    expect(told.length).toBeGreaterThan(15);
    expect(told.length).toBeLessThan(35);
    const ends = told.map(({ verdicts }) => verdicts.at(-1)?.value);
    expect(new Set(ends)).toEqual(new Set(["good", "defective", "unsure"]));
  }
});

test("whoever decides in the end is right, also where people disagreed before", () => {
  const changed = stories.filter(({ verdicts }) => verdicts.length > 1);
  expect(changed.length).toBeGreaterThan(4);
  for (const { caseId, verdicts } of stories) {
    const last = verdicts.at(-1)!;
    if (last.value === "unsure") continue;
    expect(last.defectType).toBe(truth.get(caseId));
    expect(last.value).toBe(truth.get(caseId) === null ? "good" : "defective");
  }
  const authors = changed.map(({ verdicts }) => new Set(verdicts.map((one) => one.authorId)).size);
  expect(new Set(authors)).toEqual(new Set([1, 2]));
});

test("a defective verdict names a type, and everybody has work", () => {
  const verdicts = stories.flatMap((story) => story.verdicts);
  for (const { value, defectType } of verdicts)
    expect(defectType === null).toBe(value !== "defective");
  expect(new Set(verdicts.map(({ authorId }) => authorId))).toEqual(new Set(REVIEWERS));
});

test("one reviewer does it alone, and none leaves everything open", () => {
  expect(planVerdicts(cases, ["alone" as UserId])).toHaveLength(stories.length);
  expect(planVerdicts(cases, [])).toEqual([]);
});
