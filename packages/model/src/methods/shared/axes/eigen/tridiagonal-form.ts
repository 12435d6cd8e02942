import { yieldToEventLoop } from "./yield-to-event-loop.ts";

/** T of A = H₀ H₁ … T … H₁ H₀, each H = I − 2vvᵀ. */
export type TridiagonalForm = {
  readonly diagonal: Float64Array;
  /** Entry k stands beside the diagonal's k and k + 1. */
  readonly off: Float64Array;
  /** The v of each H, of length 1 (or 0); that of H_k begins at row k + 1. */
  readonly reflections: readonly Float64Array[];
};

/** The reflection that takes the row's part behind the diagonal to its first axis, and where it ends there. */
function reflectionOf(row: Float64Array): { v: Float64Array; alpha: number } {
  const v = row.slice();
  const norm = lengthOf(v);
  const head = v[0] ?? 0;
  const alpha = head > 0 ? -norm : norm;
  v[0] = head - alpha;
  const length = lengthOf(v);
  if (length > 0) for (let i = 0; i < v.length; i++) v[i] = v[i]! / length;
  return { v, alpha };
}

function lengthOf(v: Float64Array): number {
  let sum = 0;
  for (const value of v) sum += value * value;
  return Math.sqrt(sum);
}

/** The rows and columns of `a` ([n, n]) from `from` on, and the reflection on both sides of them. */
type Part = {
  readonly a: Float64Array;
  readonly n: number;
  readonly from: number;
  readonly v: Float64Array;
  /** HAH = A − vpᵀ − pvᵀ. */
  readonly p: Float64Array;
};

/** Row `i` of HAH from column `first` on, in place; both count from `from`. */
function reflectRow({ a, n, from, v, p }: Part, i: number, first: number): void {
  const row = (from + i) * n + from;
  const [vi, pi] = [v[i]!, p[i]!];
  for (let j = first; j < v.length; j++) a[row + j] = a[row + j]! - vi * p[j]! - pi * v[j]!;
}

/**
 * Rows 1 … of HAH in place, and their products with the next reflection's vector. One pass does
 * both, four rows at a time: the matrix is larger than the cache, and four sums do not wait for
 * each other.
 */
function reflectAndMultiply(part: Part, next: Float64Array, products: Float64Array): void {
  const { a, n, from, v, p } = part;
  const m = next.length;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const row0 = (from + i + 1) * n + from + 1;
    const [row1, row2, row3] = [row0 + n, row0 + 2 * n, row0 + 3 * n];
    const v0 = v[i + 1]!;
    const v1 = v[i + 2]!;
    const v2 = v[i + 3]!;
    const v3 = v[i + 4]!;
    const p0 = p[i + 1]!;
    const p1 = p[i + 2]!;
    const p2 = p[i + 3]!;
    const p3 = p[i + 4]!;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let j = 0; j < m; j++) {
      const vj = v[j + 1]!;
      const pj = p[j + 1]!;
      const wj = next[j]!;
      const a0 = a[row0 + j]! - v0 * pj - p0 * vj;
      a[row0 + j] = a0;
      sum0 += a0 * wj;
      const a1 = a[row1 + j]! - v1 * pj - p1 * vj;
      a[row1 + j] = a1;
      sum1 += a1 * wj;
      const a2 = a[row2 + j]! - v2 * pj - p2 * vj;
      a[row2 + j] = a2;
      sum2 += a2 * wj;
      const a3 = a[row3 + j]! - v3 * pj - p3 * vj;
      a[row3 + j] = a3;
      sum3 += a3 * wj;
    }
    products[i] = sum0;
    products[i + 1] = sum1;
    products[i + 2] = sum2;
    products[i + 3] = sum3;
  }
  for (; i < m; i++) {
    reflectRow(part, i + 1, 1);
    products[i] = dot(a, (from + i + 1) * n + from + 1, next);
  }
}

function dot(a: Float64Array, at: number, v: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < v.length; j++) sum += a[at + j]! * v[j]!;
  return sum;
}

/** p of HAH = A − vpᵀ − pvᵀ, in place of Av. */
function toUpdate(products: Float64Array, v: Float64Array): void {
  let along = 0;
  for (let i = 0; i < v.length; i++) along += products[i]! * v[i]!;
  for (let i = 0; i < v.length; i++) products[i] = 2 * products[i]! - 2 * along * v[i]!;
}

/** Householder's reduction of a symmetric matrix (rows of `a`, [n, n]), which is overwritten. */
export async function tridiagonalForm(a: Float64Array, n: number): Promise<TridiagonalForm> {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  const reflections: Float64Array[] = [];
  diagonal[0] = a[0] ?? 0;
  let p = new Float64Array(n);
  let spare = new Float64Array(n);
  if (n > 1) {
    const { v, alpha } = reflectionOf(a.subarray(1, n));
    off[0] = alpha;
    reflections.push(v);
    for (let i = 0; i < v.length; i++) p[i] = dot(a, (i + 1) * n + 1, v);
  }
  for (let k = 0; k < n - 1; k++) {
    await yieldToEventLoop(k);
    const from = k + 1;
    const v = reflections[k]!;
    toUpdate(p, v);
    const part = { a, n, from, v, p };
    // The next row first: it decides the reflection that the others are multiplied by.
    reflectRow(part, 0, 0);
    diagonal[from] = a[from * n + from]!;
    if (from === n - 1) break;
    const next = reflectionOf(a.subarray(from * n + from + 1, (from + 1) * n));
    off[from] = next.alpha;
    reflections.push(next.v);
    reflectAndMultiply(part, next.v, spare);
    [p, spare] = [spare, p];
  }
  return { diagonal, off, reflections };
}
