import { clamp01 } from "./numbers.ts";

/** Columns of a 5 × 7 dot face, left to right; the lowest bit is the top row. */
const FACE: Readonly<Record<string, readonly number[]>> = {
  A: [0x7e, 0x11, 0x11, 0x11, 0x7e],
  C: [0x3e, 0x41, 0x41, 0x41, 0x22],
  D: [0x7f, 0x41, 0x41, 0x22, 0x1c],
  E: [0x7f, 0x49, 0x49, 0x49, 0x41],
  G: [0x3e, 0x41, 0x49, 0x49, 0x7a],
  I: [0x00, 0x41, 0x7f, 0x41, 0x00],
  J: [0x20, 0x40, 0x41, 0x3f, 0x01],
  L: [0x7f, 0x40, 0x40, 0x40, 0x40],
  M: [0x7f, 0x02, 0x0c, 0x02, 0x7f],
  N: [0x7f, 0x04, 0x08, 0x10, 0x7f],
  O: [0x3e, 0x41, 0x41, 0x41, 0x3e],
  P: [0x7f, 0x09, 0x09, 0x09, 0x06],
  R: [0x7f, 0x09, 0x19, 0x29, 0x46],
  S: [0x46, 0x49, 0x49, 0x49, 0x31],
  T: [0x01, 0x01, 0x7f, 0x01, 0x01],
  U: [0x3f, 0x40, 0x40, 0x40, 0x3f],
  V: [0x1f, 0x20, 0x40, 0x20, 0x1f],
  W: [0x3f, 0x40, 0x38, 0x40, 0x3f],
  Y: [0x07, 0x08, 0x70, 0x08, 0x07],
  "0": [0x3e, 0x51, 0x49, 0x45, 0x3e],
  "1": [0x00, 0x42, 0x7f, 0x40, 0x00],
  "2": [0x42, 0x61, 0x51, 0x49, 0x46],
  "3": [0x21, 0x41, 0x45, 0x4b, 0x31],
  "4": [0x18, 0x14, 0x12, 0x7f, 0x10],
  "5": [0x27, 0x45, 0x45, 0x45, 0x39],
  "6": [0x3c, 0x4a, 0x49, 0x49, 0x30],
  "7": [0x01, 0x71, 0x09, 0x05, 0x03],
  "-": [0x08, 0x08, 0x08, 0x08, 0x08],
};

/** Columns that a letter takes with the gap after it. */
export const ADVANCE = 6;
export const LETTER_ROWS = 7;

function dot(text: string, column: number, row: number): number {
  if (column < 0 || row < 0 || row >= LETTER_ROWS) return 0;
  const columns = FACE[text[Math.floor(column / ADVANCE)] ?? " "];
  return ((columns?.[column % ADVANCE] ?? 0) >> row) & 1;
}

/** Half-width of a stroke, in dots. */
const STROKE = 0.55;

/** Distance from the origin to the segment from (x, y) to (x + dx, y + dy). */
function segmentDistance(x: number, y: number, [dx, dy]: readonly [number, number]): number {
  const reach = clamp01(-(x * dx + y * dy) / (dx * dx + dy * dy));
  return Math.hypot(x + reach * dx, y + reach * dy);
}

const RIGHT = [1, 0] as const;
const DOWN = [0, 1] as const;
const DOWN_RIGHT = [1, 1] as const;
const DOWN_LEFT = [-1, 1] as const;

/** Strokes run between lit neighbours; a diagonal only where no corner joins the two. */
function strokeDistance(text: string, u: number, v: number): number {
  const middle = Math.floor(u);
  const centre = Math.floor(v);
  let nearest = Number.POSITIVE_INFINITY;
  for (let row = centre - 1; row <= centre + 1; row++) {
    for (let column = middle - 1; column <= middle + 1; column++) {
      if (dot(text, column, row) === 0) continue;
      const x = column + 0.5 - u;
      const y = row + 0.5 - v;
      const right = dot(text, column + 1, row);
      const left = dot(text, column - 1, row);
      const below = dot(text, column, row + 1);
      nearest = Math.min(nearest, Math.hypot(x, y));
      if (right === 1) nearest = Math.min(nearest, segmentDistance(x, y, RIGHT));
      if (below === 1) nearest = Math.min(nearest, segmentDistance(x, y, DOWN));
      if (below === 1) continue;
      if (right === 0 && dot(text, column + 1, row + 1) === 1) {
        nearest = Math.min(nearest, segmentDistance(x, y, DOWN_RIGHT));
      }
      if (left === 0 && dot(text, column - 1, row + 1) === 1) {
        nearest = Math.min(nearest, segmentDistance(x, y, DOWN_LEFT));
      }
    }
  }
  return nearest;
}

/** A place in a line of text, in dots from its upper left corner. */
export type LetterPlace = { readonly u: number; readonly v: number };

/**
 * Ink at a place of a line of text, 0 to 1.
 *
 * @param soft width of the border between ink and ground, in dots
 */
export function inkAt(text: string, { u, v }: LetterPlace, soft: number): number {
  if (v < -1 || v > LETTER_ROWS + 1 || u < -1 || u > text.length * ADVANCE) return 0;
  return clamp01(0.5 + (STROKE - strokeDistance(text, u, v)) / soft);
}
