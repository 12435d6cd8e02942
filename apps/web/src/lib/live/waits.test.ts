import { expect, test } from "vitest";

import { ManualClock } from "../../testing/manual-clock.ts";
import { Waits } from "./waits.ts";

test("of each name one thing waits, the newest, and what is called off is not done", () => {
  const clock = new ManualClock();
  const waits = new Waits<"gap" | "join">(clock);
  const done: string[] = [];
  waits.set("gap", () => done.push("gap, first"), 100);
  waits.set("gap", () => done.push("gap"), 200);
  waits.set("join", () => done.push("join"), 300);
  expect([waits.has("gap"), waits.has("join")]).toEqual([true, true]);
  clock.pass(200);
  expect(done).toEqual(["gap"]);
  expect([waits.has("gap"), waits.has("join")]).toEqual([false, true]);
  waits.callOffAll();
  clock.pass(1000);
  expect(done).toEqual(["gap"]);
  expect(waits.has("join")).toBe(false);
});

test("what is done may wait again under its own name", () => {
  const clock = new ManualClock();
  const waits = new Waits<"join">(clock);
  let tries = 0;
  const tryAgain = (): void => {
    tries += 1;
    waits.set("join", tryAgain, 100);
  };
  tryAgain();
  clock.pass(100);
  clock.pass(100);
  expect(tries).toBe(3);
  expect(waits.has("join")).toBe(true);
});
