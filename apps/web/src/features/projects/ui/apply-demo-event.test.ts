import type { DemoProgress } from "@loupe/contracts";
import { expect, test } from "vitest";

import { applyDemoEvent } from "./apply-demo-event.ts";

const known = { phase: "importing", done: 4, total: 9, problem: null } as DemoProgress;
const event = (phase: DemoProgress["phase"], done: number) =>
  ({ type: "demo.progress", phase, done, total: 9, problem: null }) as const;

test("goes on within a phase and to the next one", () => {
  expect(applyDemoEvent(known, event("importing", 6))).toMatchObject({ done: 6 });
  expect(applyDemoEvent(known, event("freezing", 0))).toMatchObject({ phase: "freezing", done: 0 });
});

test("does not go back for an event that comes late", () => {
  expect(applyDemoEvent(known, event("rendering", 8))).toBe(known);
  expect(applyDemoEvent(known, event("importing", 3))).toBe(known);
});

test("tells what stands in the way where it stands", () => {
  const problem = "No model was trained.";
  expect(applyDemoEvent(known, { ...event("importing", 4), problem }).problem).toBe(problem);
});
