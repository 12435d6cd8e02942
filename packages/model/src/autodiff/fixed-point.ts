import {
  add,
  div,
  mul,
  reduceSum,
  square,
  stopGradient,
  sub,
  type Value,
  withGradient,
} from "../graph/index.ts";
import { gradients } from "./gradients.ts";

export type FixedPointRequest = {
  /** One iteration. It must contract, or neither z nor its gradient converges. */
  readonly step: (z: Value) => Value;
  readonly start: Value;
  readonly iterations: number;
  /** Terms of the series for the gradient; as many as `iterations` when not given. */
  readonly gradientIterations?: number;
  /** Mix after every so many iterations, in both solves (`mixed`); never when not given. */
  readonly mixEvery?: number;
  /** u ↦ Jᵀu at the solution, where a closed form takes fewer nodes than a backward pass each. */
  readonly pullbackAt?: (solution: Value) => (u: Value) => Value;
};

export type FixedPoint = {
  /** The last iterate, with its gradient. */
  readonly value: Value;
  /** The iterate before it, without a gradient: their distance is the residual. */
  readonly before: Value;
};

/** Below this squared change an iteration has converged, and the quotient of `mixed` is noise. */
const TINY = 1e-30;

/**
 * Anderson's mixing of two iterations, for each row (last axis) apart: of all points on the line
 * through both images the one whose residual, taken as linear, is smallest (Walker & Ni 2011,
 * with m = 1). It sums the slowest decaying part of the error, whatever its rate.
 */
function mixed(older: Iteration, newer: Iteration): Value {
  const rows = { axes: [-1], keepDims: true };
  const change = sub(newer.residual, older.residual);
  const along = reduceSum(mul(newer.residual, change), rows);
  const share = div(along, add(reduceSum(square(change), rows), TINY));
  return sub(newer.image, mul(share, sub(newer.image, older.image)));
}

type Iteration = { readonly image: Value; readonly residual: Value };

function iterate(
  step: (z: Value) => Value,
  start: Value,
  { iterations, mixEvery }: { iterations: number; mixEvery: number | undefined },
): Value {
  let z = start;
  let older: Iteration | null = null;
  for (let count = 1; count <= iterations; count++) {
    const image = step(z);
    const place = mixEvery === undefined ? null : count % mixEvery;
    if (mixEvery !== undefined && place === mixEvery - 1) {
      older = { image, residual: sub(image, z) };
      z = image;
    } else if (place === 0 && older !== null && count < iterations) {
      // What is mixed last is iterated once more, so that every error has been contracted.
      z = mixed(older, { image, residual: sub(image, z) });
    } else {
      z = image;
    }
  }
  return z;
}

/**
 * z* = f(z*) by iteration, differentiated at the solution instead of through the iterations.
 *
 * With u = dy + Jᵀ u, J = ∂f/∂z at z*, the gradient of every other operand θ of f is
 * uᵀ ∂f/∂θ (Bai et al. 2019, eq. 10). The memory is that of one iteration, however many
 * are run. Iterations are unrolled, since WebGPU has no loop.
 */
export function solveFixedPoint(request: FixedPointRequest): FixedPoint {
  const { step, start, iterations, gradientIterations = iterations, mixEvery } = request;
  const solution = stopGradient(iterate(step, start, { iterations, mixEvery }));
  const last = step(solution);
  const pullback =
    request.pullbackAt?.(solution) ??
    ((u: Value): Value => {
      const product = reduceSum(mul(last, stopGradient(u)));
      const [through = u] = gradients(product, [solution]);
      return through;
    });
  const value = withGradient(last, [last], (dy) => [
    iterate((u) => add(dy, pullback(u)), dy, { iterations: gradientIterations, mixEvery }),
  ]);
  return { value, before: solution };
}

/** The value alone of `solveFixedPoint`. */
export function fixedPoint(request: FixedPointRequest): Value {
  return solveFixedPoint(request).value;
}
