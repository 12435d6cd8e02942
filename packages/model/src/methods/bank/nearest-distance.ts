import {
  build,
  constantOf,
  max,
  mul,
  reduceMax,
  reduceSum,
  reshape,
  sqrt,
  square,
  sub,
  type Value,
} from "../../graph/index.ts";

/**
 * a·b − |b|²/2 for every pair, [m, n]: the larger, the nearer, since |a − b|² = |a|² − 2(a·b − |b|²/2).
 *
 * @param a [m, width]
 * @param b [n, width]
 */
export function closeness(a: Value, b: Value): Value {
  const halfLengths = mul(reduceSum(square(b), { axes: [1] }), -0.5);
  return build("gemm", [a, b, halfLengths], { transposeA: false, transposeB: true });
}

/** Squared distance of each `a` [m, width] to its best `closeness` [m], never below 0. */
export function squaredDistance(a: Value, best: Value): Value {
  return max(sub(reduceSum(square(a), { axes: [1] }), mul(best, 2)), 0);
}

/**
 * Euclidean distance of each row of `a` [m, width] to the nearest row of all `chunks`
 * [n, width], shape [m].
 *
 * One matrix product a chunk, so that memory is m · n of a chunk and not of the whole bank.
 */
export function nearestDistance(a: Value, chunks: readonly Value[]): Value {
  const best = chunks
    .map((chunk) => reduceMax(closeness(a, chunk), { axes: [1] }))
    .reduce((one, other) => max(one, other));
  return sqrt(squaredDistance(a, best));
}

/** Squared distances between the rows of `a` [m, width] and of `b` [n, width], shape [m, n]. */
export function pairwiseSquaredDistances(a: Value, b: Value): Value {
  const lengths = reshape(reduceSum(square(a), { axes: [1] }), [a.shape[0] ?? 1, 1]);
  return max(sub(lengths, mul(closeness(a, b), constantOf(2))), 0);
}
