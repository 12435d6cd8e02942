import { yieldToEventLoop } from "./yield-to-event-loop.ts";

const MAX_ROUNDS = 60;

/** The rotations of one QL step, of axes i and i + 1 for i = `last` − 1 down to `first`. */
export type QlStep = {
  readonly first: number;
  readonly last: number;
  /** Cosine and sine in turn, in the order of the axes: those of `first` begin the array. */
  readonly rotations: Float64Array;
};

type Tridiagonal = { readonly d: Float64Array; readonly e: Float64Array };

/** One implicit QL step with Wilkinson's shift on rows l … m. */
function implicitStep({ d, e }: Tridiagonal, l: number, m: number): QlStep {
  const rotations = new Float64Array(2 * (m - l));
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  let r = Math.hypot(g, 1);
  g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = d[i + 1]! - p;
      e[m] = 0;
      return { first: i + 1, last: m, rotations: rotations.subarray(2 * (i + 1 - l)) };
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    r = (d[i]! - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
    rotations[2 * (i - l)] = c;
    rotations[2 * (i - l) + 1] = s;
  }
  d[l] = d[l]! - p;
  e[l] = g;
  e[m] = 0;
  return { first: l, last: m, rotations };
}

/**
 * Implicit QL iterations on a tridiagonal matrix: afterwards `d` holds its eigenvalues. The
 * rotations are kept, so that vectors are computed for those values alone that are wanted.
 */
export async function qlRotations({ d, e }: Tridiagonal): Promise<QlStep[]> {
  const n = d.length;
  const steps: QlStep[] = [];
  for (let l = 0; l < n; l++) {
    await yieldToEventLoop(l);
    for (let round = 0; ; round++) {
      let m = l;
      for (; m < n - 1; m++) {
        const scale = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Number.EPSILON * scale) break;
      }
      if (m === l) break;
      if (round === MAX_ROUNDS) throw new Error("The eigenvalues of a matrix were not found.");
      steps.push(implicitStep({ d, e }, l, m));
    }
  }
  return steps;
}
