import { expect, test } from "vitest";

import { ADVANCE, inkAt, LETTER_ROWS } from "./lettering.ts";

/** A line of text as rows of dots. */
function printed(text: string): string[] {
  return Array.from({ length: LETTER_ROWS }, (_, row) =>
    Array.from({ length: text.length * ADVANCE - 1 }, (_, column) =>
      inkAt(text, { u: column + 0.5, v: row + 0.5 }, 0.1) > 0.5 ? "#" : ".",
    ).join(""),
  );
}

test("prints letters side by side", () => {
  expect(printed("L7")).toEqual([
    "#.....#####",
    "#.........#",
    "#........#.",
    "#.......#..",
    "#......#...",
    "#......#...",
    "#####..#...",
  ]);
});

test("joins dots that touch, and only those", () => {
  // Between the two lowest dots of the L, and in its open corner.
  expect(inkAt("L", { u: 1, v: 6.5 }, 0.1)).toBe(1);
  expect(inkAt("L", { u: 2.5, v: 2.5 }, 0.1)).toBe(0);
});
