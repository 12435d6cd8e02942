import {
  constant,
  gather,
  pad,
  reduceSum,
  reshape,
  type Value,
  withGradient,
} from "../graph/index.ts";
import { tensor } from "../tensor/index.ts";

/** In a list of rows to read: a row of zeros. */
export const NO_ROW = -1;

/** Of every row of an array, the places that read it: `most` lists of one place for each row. */
export type Readers = { readonly most: number; readonly places: Int32Array };

/** The rows of x [m, c] that `rows` names, one after the other: [rows, c]. */
export function gatherRows(x: Value, rows: Int32Array): Value {
  return withGradient(readRows(x, rows), [x], (dy) => [
    sumReaders(dy, readersOf(rows, x.shape[0] ?? 0)),
  ]);
}

/** `gatherRows` without a gradient, for rules. */
export function readRows(x: Value, rows: Int32Array): Value {
  if (!rows.includes(NO_ROW)) return pick(x, rows);
  return readRowsBeside(pad(x, { before: [0, 0], after: [1, 0] }), rows, x.shape[0] ?? 0);
}

/** `readRows` of an array that holds a row of zeros already, at `zeroRow`. */
export function readRowsBeside(x: Value, rows: Int32Array, zeroRow: number): Value {
  return pick(
    x,
    rows.map((row) => (row === NO_ROW ? zeroRow : row)),
  );
}

function pick(x: Value, rows: Int32Array): Value {
  return gather(x, constant(tensor("int32", [rows.length], rows)), 0);
}

/** For every row of the array that was read, the sum over the places that read it. */
function sumReaders(dy: Value, { most, places }: Readers): Value {
  return sumLists(readRows(dy, places), most);
}

/** Rows [lists · m, c] summed over the lists: [m, c]. */
export function sumLists(rows: Value, lists: number): Value {
  if (lists === 1) return rows;
  const [count = 0, channels = 1] = rows.shape;
  return reduceSum(reshape(rows, [lists, count / lists, channels]), { axes: [0] });
}

/** The places that read each of `count` rows. */
export function readersOf(rows: Int32Array, count: number): Readers {
  const readers = Array.from({ length: count }, (): number[] => []);
  for (const [place, row] of rows.entries()) readers[row]?.push(place);
  const most = readers.reduce((longest, { length }) => Math.max(longest, length), 1);
  const places = new Int32Array(most * count).fill(NO_ROW);
  for (const [row, list] of readers.entries()) {
    for (const [index, place] of list.entries()) places[index * count + row] = place;
  }
  return { most, places };
}
