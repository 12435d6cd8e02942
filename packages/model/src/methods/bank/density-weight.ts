import {
  add,
  cast,
  concat,
  constantOf,
  div,
  equal,
  exp,
  matMul,
  max,
  mul,
  reduceMax,
  reduceSum,
  reshape,
  sqrt,
  square,
  sub,
  type Value,
  where,
} from "../../graph/index.ts";
import { closeness, squaredDistance } from "./nearest-distance.ts";

/** Below every closeness: a row that has been taken. */
const TAKEN = -3e38;

type Scored = {
  /** [batch · patches, width] */
  readonly patches: Value;
  /** Distance of each patch to the bank, [batch, patches]. */
  readonly distances: Value;
  /** The bank, each [rows, width]. */
  readonly chunks: readonly Value[];
};

/** 1 at the largest of each row, shared evenly by equal ones, [rows, n]. */
function atLargest(x: Value): Value {
  const isLargest = cast(equal(x, reduceMax(x, { axes: [1], keepDims: true })), "float32");
  return div(isLargest, reduceSum(isLargest, { axes: [1], keepDims: true }));
}

/** Closeness of each row of `a` to every row of the bank, [rows, bank]. */
function closenessToBank(a: Value, chunks: readonly Value[]): Value {
  return concat(
    chunks.map((chunk) => closeness(a, chunk)),
    1,
  );
}

/** The bank's rows that `choice` [rows, bank] weighs, [rows, width]. */
function chosenRows(choice: Value, chunks: readonly Value[]): Value {
  return matMul(choice, concat(chunks, 0));
}

/**
 * How much an image's largest distance counts, [batch, 1], from the neighbours of its nearest
 * remembered patch m* (PatchCore, eq. 7):
 *
 *   w = 1 − exp(|q − m*|/√c) / Σₘ exp(|q − m|/√c)   over the `count` nearest neighbours m of m*, m* included
 *
 * where q is the image's most distant patch. Distances are divided by the root of their width c,
 * as otherwise the exponential of a long vector decides alone.
 */
export function densityWeight({ patches, distances, chunks }: Scored, count: number): Value {
  const [batch = 1, perImage = 1] = distances.shape;
  const width = patches.shape[1] ?? 1;
  const choice = reshape(atLargest(distances), [batch, 1, perImage]);
  const query = reshape(matMul(choice, reshape(patches, [batch, perImage, width])), [batch, width]);
  const toQuery = closenessToBank(query, chunks);
  const nearest = chosenRows(atLargest(toQuery), chunks);

  const scale = 1 / Math.sqrt(width);
  const distanceToQuery = mul(
    sqrt(squaredDistance(query, reshape(reduceMax(toQuery, { axes: [1] }), [batch]))),
    scale,
  );
  const lengths = reduceSum(square(query), { axes: [1], keepDims: true });
  const allDistances = mul(sqrt(max(sub(lengths, mul(toQuery, 2)), 0)), scale);

  let left = closenessToBank(nearest, chunks);
  let sum: Value = constantOf(new Float32Array(batch), [batch]);
  for (let taken = 0; taken < count + 1; taken++) {
    const share = atLargest(left);
    const distance = reduceSum(mul(share, allDistances), { axes: [1] });
    sum = add(sum, exp(sub(distance, distanceToQuery)));
    left = where(
      equal(left, reduceMax(left, { axes: [1], keepDims: true })),
      constantOf(new Float32Array([TAKEN]), [1, 1]),
      left,
    );
  }
  return reshape(sub(1, div(1, sum)), [batch, 1]);
}
