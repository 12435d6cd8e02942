import { expect, test } from "vitest";

import { lineState, SILENCE_LIMIT_MS, type LineSigns } from "./line-state.ts";

const joined: LineSigns = {
  isJoined: true,
  hasBeenLive: true,
  isRefused: false,
  lastSignMs: 1_000,
};
const after = (ms: number) => joined.lastSignMs + ms;

test("is offline within five seconds of the last sign, with the socket still open as a server hangs", () => {
  expect(lineState(joined, after(SILENCE_LIMIT_MS - 1))).toBe("live");
  expect(lineState(joined, after(SILENCE_LIMIT_MS))).toBe("offline");
  expect(SILENCE_LIMIT_MS).toBeLessThan(5_000);
});

test("counts from the last sign, not from when the loss was noticed", () => {
  const lost = { ...joined, isJoined: false };
  expect(lineState(lost, after(0))).toBe("reconnecting");
  expect(lineState(lost, after(SILENCE_LIMIT_MS))).toBe("offline");
});

test("is live again with the next sign", () => {
  const nowMs = after(60_000);
  expect(lineState({ ...joined, lastSignMs: nowMs }, nowMs)).toBe("live");
});

test("a page that has only just begun is connecting, and one that was refused is offline at once", () => {
  const begun = { ...joined, isJoined: false, hasBeenLive: false };
  expect(lineState(begun, after(10))).toBe("connecting");
  expect(lineState(begun, after(SILENCE_LIMIT_MS))).toBe("offline");
  expect(lineState({ ...joined, isRefused: true }, after(0))).toBe("offline");
});
