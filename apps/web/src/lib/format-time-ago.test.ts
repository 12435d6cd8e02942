import { expect, test } from "vitest";

import { formatTimeAgo } from "./format-time-ago.ts";

const now = Date.UTC(2026, 5, 1, 12);
const ago = (ms: number) => formatTimeAgo(new Date(now - ms), now);

test("counts seconds, minutes and hours, one unit at a time", () => {
  expect(ago(3_000)).toBe("3 s ago");
  expect(ago(5 * 60_000 + 31_000)).toBe("5 min ago");
  expect(ago(2 * 3_600_000 + 31 * 60_000)).toBe("2 h ago");
});

test("forgives a clock that runs a little ahead", () => {
  expect(ago(-800)).toBe("just now");
});

test("gives the date beyond a day", () => {
  expect(ago(3 * 24 * 3_600_000)).toMatch(/2026/);
});
