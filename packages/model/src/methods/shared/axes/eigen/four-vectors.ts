import type { QlStep } from "./ql-rotations.ts";

/** Vectors that are computed together: each number of a rotation or reflection is read once for all. */
export const TOGETHER = 4;

/**
 * Rows of the product of all rotations, four at a time, [n, 4]: the eigenvectors of the
 * tridiagonal matrix for the eigenvalues that stand at `places`, in ascending order.
 *
 * A row of R_M … R₁ is a unit vector that the last rotation turns first. It stays 0 outside of
 * what the rotations so far have reached, which is where half of the work is saved.
 */
export function unrotated(
  steps: readonly QlStep[],
  places: readonly number[],
  x: Float64Array,
): void {
  x.fill(0);
  let low = Number.MAX_SAFE_INTEGER;
  let high = -1;
  for (const [index, place] of places.entries()) {
    x[TOGETHER * place + index] = 1;
    low = Math.min(low, place);
    high = Math.max(high, place);
  }
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]!;
    if (step.first > high || step.last < low) continue;
    const first = Math.max(step.first, low - 1);
    turnBack(step, first, x);
    low = Math.min(low, first);
    high = Math.max(high, step.last);
  }
}

/** Four rows times the rotations of a step from axis `first` on. */
function turnBack({ first: start, last, rotations }: QlStep, first: number, x: Float64Array): void {
  let at = TOGETHER * first;
  let x0 = x[at]!;
  let x1 = x[at + 1]!;
  let x2 = x[at + 2]!;
  let x3 = x[at + 3]!;
  const end = 2 * (last - start);
  for (let r = 2 * (first - start); r < end; r += 2) {
    const c = rotations[r]!;
    const s = rotations[r + 1]!;
    const y0 = x[at + 4]!;
    const y1 = x[at + 5]!;
    const y2 = x[at + 6]!;
    const y3 = x[at + 7]!;
    x[at] = c * x0 + s * y0;
    x[at + 1] = c * x1 + s * y1;
    x[at + 2] = c * x2 + s * y2;
    x[at + 3] = c * x3 + s * y3;
    x0 = c * y0 - s * x0;
    x1 = c * y1 - s * x1;
    x2 = c * y2 - s * x2;
    x3 = c * y3 - s * x3;
    at += TOGETHER;
  }
  x[at] = x0;
  x[at + 1] = x1;
  x[at + 2] = x2;
  x[at + 3] = x3;
}

/** H₀ H₁ … x for four vectors [n, 4] at a time, in place; that of H_k begins at row k + 1. */
export function reflected(reflections: readonly Float64Array[], x: Float64Array): void {
  for (let k = reflections.length - 1; k >= 0; k--) {
    const v = reflections[k]!;
    const start = TOGETHER * (k + 1);
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0, at = start; i < v.length; i++, at += TOGETHER) {
      const vi = v[i]!;
      s0 += vi * x[at]!;
      s1 += vi * x[at + 1]!;
      s2 += vi * x[at + 2]!;
      s3 += vi * x[at + 3]!;
    }
    s0 *= 2;
    s1 *= 2;
    s2 *= 2;
    s3 *= 2;
    for (let i = 0, at = start; i < v.length; i++, at += TOGETHER) {
      const vi = v[i]!;
      x[at] = x[at]! - s0 * vi;
      x[at + 1] = x[at + 1]! - s1 * vi;
      x[at + 2] = x[at + 2]! - s2 * vi;
      x[at + 3] = x[at + 3]! - s3 * vi;
    }
  }
}
