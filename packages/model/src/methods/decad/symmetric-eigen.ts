/** How many rows are worked on before other work of the process gets its turn. */
const ROWS_A_TURN = 24;
const MAX_ROUNDS = 60;

export type Eigen = {
  /** Largest first. */
  readonly values: Float64Array;
  /** Column j is the vector of value j, row-major [n, n]. */
  readonly vectors: Float64Array;
};

async function takeTurns(row: number): Promise<void> {
  if (row % ROWS_A_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
}

/**
 * Householder's reduction of a symmetric matrix (rows of `a`, [n, n]) to tridiagonal form, in
 * place: afterwards the rows of `a` are the transposed product of the reflections.
 */
async function tridiagonalise(
  a: Float64Array,
  n: number,
): Promise<{ diagonal: Float64Array; off: Float64Array }> {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  const reflections: Float64Array[] = [];
  const p = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    await takeTurns(k);
    diagonal[k] = a[k * n + k] ?? 0;
    const v = a.slice(k * n + k + 1, (k + 1) * n);
    const norm = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
    const head = v[0] ?? 0;
    const alpha = head > 0 ? -norm : norm;
    off[k] = alpha;
    v[0] = head - alpha;
    const length = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let i = 0; i < v.length; i++) v[i] = (v[i] ?? 0) / length;
    reflections.push(v);
    reflectBoth(a, v, { from: k + 1, n, p });
  }
  diagonal[n - 1] = a[n * n - 1] ?? 0;
  await accumulate(a, reflections, n);
  return { diagonal, off };
}

/** a ← H a H on the lower right part from row `from`, H = I − 2vvᵀ. */
function reflectBoth(
  a: Float64Array,
  v: Float64Array,
  { from, n, p }: { from: number; n: number; p: Float64Array },
): void {
  const m = v.length;
  let along = 0;
  for (let i = 0; i < m; i++) {
    let sum = 0;
    const row = (from + i) * n + from;
    for (let j = 0; j < m; j++) sum += (a[row + j] ?? 0) * (v[j] ?? 0);
    p[i] = 2 * sum;
    along += sum * (v[i] ?? 0);
  }
  for (let i = 0; i < m; i++) p[i] = (p[i] ?? 0) - 2 * along * (v[i] ?? 0);
  for (let i = 0; i < m; i++) {
    const row = (from + i) * n + from;
    const [vi, pi] = [v[i] ?? 0, p[i] ?? 0];
    for (let j = 0; j < m; j++) {
      a[row + j] = (a[row + j] ?? 0) - vi * (p[j] ?? 0) - pi * (v[j] ?? 0);
    }
  }
}

/** `a` becomes (H₀ H₁ …)ᵀ: row j is the vector of the tridiagonal matrix's axis j. */
async function accumulate(
  a: Float64Array,
  reflections: readonly Float64Array[],
  n: number,
): Promise<void> {
  a.fill(0);
  for (let i = 0; i < n; i++) a[i * n + i] = 1;
  for (let k = reflections.length - 1; k >= 0; k--) {
    await takeTurns(k);
    const v = reflections[k];
    if (v === undefined) continue;
    // Rows of the transposed product: each row r ← r (I − 2vvᵀ) on its part from k + 1.
    for (let row = k + 1; row < n; row++) {
      const at = row * n + k + 1;
      let sum = 0;
      for (let j = 0; j < v.length; j++) sum += (a[at + j] ?? 0) * (v[j] ?? 0);
      sum *= 2;
      for (let j = 0; j < v.length; j++) a[at + j] = (a[at + j] ?? 0) - sum * (v[j] ?? 0);
    }
  }
}

/** Implicit QL iterations on a tridiagonal matrix; rotates the rows of `q` along. */
async function diagonalise(
  { diagonal: d, off: e }: { diagonal: Float64Array; off: Float64Array },
  q: Float64Array,
  n: number,
): Promise<void> {
  for (let l = 0; l < n; l++) {
    await takeTurns(l);
    for (let round = 0; ; round++) {
      let m = l;
      for (; m < n - 1; m++) {
        const scale = Math.abs(d[m] ?? 0) + Math.abs(d[m + 1] ?? 0);
        if (Math.abs(e[m] ?? 0) <= Number.EPSILON * scale) break;
      }
      if (m === l) break;
      if (round === MAX_ROUNDS) throw new Error("The eigenvalues of a matrix were not found.");
      implicitStep({ d, e, q, n }, l, m);
    }
  }
}

type Tridiagonal = { d: Float64Array; e: Float64Array; q: Float64Array; n: number };

/** One implicit QL step with Wilkinson's shift on rows l … m. */
function implicitStep({ d, e, q, n }: Tridiagonal, l: number, m: number): void {
  const at = (values: Float64Array, index: number): number => values[index] ?? 0;
  let g = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
  let r = Math.hypot(g, 1);
  g = at(d, m) - at(d, l) + at(e, l) / (g + (g >= 0 ? r : -r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    let f = s * at(e, i);
    const b = c * at(e, i);
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = at(d, i + 1) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = at(d, i + 1) - p;
    r = (at(d, i) - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    const [low, high] = [i * n, (i + 1) * n];
    for (let k = 0; k < n; k++) {
      f = q[high + k] ?? 0;
      const other = q[low + k] ?? 0;
      q[high + k] = s * other + c * f;
      q[low + k] = c * other - s * f;
    }
  }
  d[l] = at(d, l) - p;
  e[l] = g;
  e[m] = 0;
}

/**
 * Eigenvalues and orthonormal eigenvectors of a symmetric matrix [n, n], largest value first
 * (Householder, then implicit QL; Golub & Van Loan, ch. 8). About 6 n³ operations, in slices
 * between which other work of the process goes on.
 */
export async function symmetricEigen(matrix: Float64Array, n: number): Promise<Eigen> {
  const rows = Float64Array.from(matrix);
  const { diagonal, off } = await tridiagonalise(rows, n);
  await diagonalise({ diagonal, off }, rows, n);
  const order = Array.from({ length: n }, (_, index) => index).sort(
    (a, b) => (diagonal[b] ?? 0) - (diagonal[a] ?? 0),
  );
  const vectors = new Float64Array(n * n);
  for (const [place, from] of order.entries()) {
    for (let k = 0; k < n; k++) vectors[k * n + place] = rows[from * n + k] ?? 0;
  }
  return { values: Float64Array.from(order, (from) => diagonal[from] ?? 0), vectors };
}
