import { createLogger } from "@loupe/platform";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { CancelWatch } from "./cancel-watch.ts";

const logger = createLogger("test", { level: "silent" });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("tells within a second that somebody has cancelled, also after a question that failed", async () => {
  let answer: () => Promise<boolean> = () => Promise.resolve(false);
  const watch = new CancelWatch({
    signal: new AbortController().signal,
    logger,
    isCancelled: () => answer(),
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(watch.signal.aborted).toBe(false);
  answer = () => Promise.reject(new Error("no database"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(watch.signal.aborted).toBe(false);
  answer = () => Promise.resolve(true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(watch.signal.aborted).toBe(true);
  watch.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("tells at once that the process stops", () => {
  const stopping = new AbortController();
  const watch = new CancelWatch({
    signal: stopping.signal,
    logger,
    isCancelled: () => Promise.resolve(false),
  });
  stopping.abort(new Error("stopping"));
  expect(watch.signal.reason).toEqual(new Error("stopping"));
  watch.stop();
});
