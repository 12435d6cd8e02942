import type { Tensor } from "../../../../tensor/index.ts";

/** Power iterations on the first weights: enough for three digits of a random matrix's norm. */
const FIRST_ITERATIONS = 200;

/** The elements of a weight, without a copy. */
function floats({ dtype, data }: Tensor): Float32Array {
  if (!(data instanceof Float32Array)) throw new TypeError(`Expected float32, got ${dtype}.`);
  return data;
}

/** The vectors of a power iteration on a weight that is known: Wᵀ and W in turn, from all ones. */
export function leadingVectors(weight: Tensor): { left: Float32Array; right: Float32Array } {
  const [rows = 1, columns = 1] = weight.shape;
  const w = floats(weight);
  const right = new Float32Array(columns).fill(1 / Math.sqrt(columns));
  const left = new Float32Array(rows);
  for (let round = 0; round < FIRST_ITERATIONS; round++) {
    multiply(w, right, left);
    scaleToUnit(left);
    multiplyTransposed(w, left, right);
    scaleToUnit(right);
  }
  return { left, right };
}

/** leftᵀ W right. */
export function stretch(weight: Tensor, { left, right }: { left: Tensor; right: Tensor }): number {
  const [w, u, v] = [floats(weight), floats(left), floats(right)];
  let sum = 0;
  for (let row = 0; row < u.length; row++) {
    const [share, at] = [u[row]!, row * v.length];
    for (let column = 0; column < v.length; column++) sum += share * w[at + column]! * v[column]!;
  }
  return sum;
}

/** W v. Four rows at a time, whose sums do not wait for each other. */
function multiply(w: Float32Array, v: Float32Array, result: Float32Array): void {
  const m = v.length;
  let row = 0;
  for (; row + 4 <= result.length; row += 4) {
    const at0 = row * m;
    const [at1, at2, at3] = [at0 + m, at0 + 2 * m, at0 + 3 * m];
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let column = 0; column < m; column++) {
      const x = v[column]!;
      sum0 += w[at0 + column]! * x;
      sum1 += w[at1 + column]! * x;
      sum2 += w[at2 + column]! * x;
      sum3 += w[at3 + column]! * x;
    }
    result[row] = sum0;
    result[row + 1] = sum1;
    result[row + 2] = sum2;
    result[row + 3] = sum3;
  }
  for (; row < result.length; row++) {
    let sum = 0;
    for (let column = 0; column < m; column++) sum += w[row * m + column]! * v[column]!;
    result[row] = sum;
  }
}

/** Wᵀ v. Four rows at a time; each is added in single precision, as if it came alone. */
function multiplyTransposed(w: Float32Array, v: Float32Array, result: Float32Array): void {
  const m = result.length;
  result.fill(0);
  let row = 0;
  for (; row + 4 <= v.length; row += 4) {
    const at0 = row * m;
    const [at1, at2, at3] = [at0 + m, at0 + 2 * m, at0 + 3 * m];
    const v0 = v[row]!;
    const v1 = v[row + 1]!;
    const v2 = v[row + 2]!;
    const v3 = v[row + 3]!;
    for (let column = 0; column < m; column++) {
      let sum = Math.fround(result[column]! + w[at0 + column]! * v0);
      sum = Math.fround(sum + w[at1 + column]! * v1);
      sum = Math.fround(sum + w[at2 + column]! * v2);
      result[column] = sum + w[at3 + column]! * v3;
    }
  }
  for (; row < v.length; row++) {
    const [share, at] = [v[row]!, row * m];
    for (let column = 0; column < m; column++) {
      result[column] = result[column]! + w[at + column]! * share;
    }
  }
}

function scaleToUnit(vector: Float32Array): void {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const norm = Math.sqrt(sum);
  if (norm > 0) for (let index = 0; index < vector.length; index++) vector[index]! /= norm;
}
