import { solveFixedPoint } from "../../../autodiff/index.ts";
import {
  add,
  div,
  matMul,
  mul,
  neg,
  reduceSum,
  sqrt,
  square,
  sub,
  transpose,
  type Value,
} from "../../../graph/index.ts";
import type { Contraction } from "./contraction.ts";
import { sampleRows } from "./sample-rows.ts";

export type Solver = {
  /** How often G is evaluated in a solve, at most. */
  readonly iterations: number;
  /** As often as a G of this network's stored weights needs to leave this share of the error. */
  readonly until?: { readonly share: number; readonly least: number };
  /** Mix after every so many iterations (Anderson, depth 1). */
  readonly mixEvery: number;
};

/** A solved unit: its output, and ‖u − (2x ∓ G(u))‖ / ‖u‖ on some rows, [], without gradient. */
export type Solved = { readonly value: Value; readonly residual: Value };

export type MonotoneUnit = {
  forward(x: Value, solver: Solver): Solved;
  inverse(y: Value, solver: Solver): Solved;
};

type Problem = { readonly sign: 1 | -1; readonly solver: Solver };

/**
 * How often G is evaluated.
 *
 * @param lipschitz Lipschitz constant of G, which is what an iteration leaves of an error at most
 */
export function evaluations(lipschitz: number, { iterations, until }: Solver): number {
  if (until === undefined) return iterations;
  const known = Math.min(Math.max(lipschitz, 1e-6), 1 - 1e-6);
  const needed = Math.ceil(Math.log(until.share) / Math.log(known));
  return Math.min(Math.max(needed, until.least), iterations);
}

/** h = bend(enter(u)) where u = 2x + sign · G(u), and the iterate before it. */
function solve(
  g: Contraction,
  x: Value,
  { sign, solver }: Problem,
): { readonly value: Value; readonly before: Value } {
  const { around } = g;
  const count = evaluations(g.lipschitz(), solver);
  const entered = g.enter(x, 2);
  const shift = around?.shift ?? null;
  const base = shift === null ? entered : add(entered, mul(shift, sign));
  // A product and a sum behind it run as one operation, so the sign belongs into the matrix.
  const matrix = around === null ? null : mul(around.matrix, sign);
  const back = matrix === null ? null : transpose(matrix, [1, 0]);
  const joined = sign === 1 ? add : sub;
  const argument = (h: Value): Value =>
    matrix === null ? joined(base, h) : add(matMul(h, matrix), base);
  return solveFixedPoint({
    step: (h) => g.bend(argument(h)).value,
    pullbackAt: (solution) => {
      const { pullback } = g.bend(argument(solution));
      if (back !== null) return (dy) => matMul(pullback(dy), back);
      return sign === 1 ? pullback : (dy) => neg(pullback(dy));
    },
    start: g.bend(base).value,
    // The start is the first evaluation of G, and the one that is differentiated the last.
    iterations: count - 2,
    gradientIterations: count - 1,
    mixEvery: solver.mixEvery,
  });
}

/**
 * f = ((Id + G)/2)⁻¹ − Id, strictly monotone and invertible for a G of Lipschitz constant L < 1
 * (Ahn et al. 2022): with it ‖f(x) − f(x')‖ / ‖x − x'‖ lies in [(1 − L)/(1 + L), (1 + L)/(1 − L)].
 *
 * Forward: u = 2x − G(u), f(x) = u − x. Inverse: u = 2y + G(u), f⁻¹(y) = u − y. Both are fixed
 * points of a map that contracts by L, with implicit gradients. What is iterated is h = bend(enter(u)),
 * the rows that G's last affine map reads, which are as narrow as a bottleneck; u itself is never
 * needed, since f(x) = x − leave(h) and f⁻¹(y) = y + leave(h).
 */
export function monotoneUnit(g: Contraction): MonotoneUnit {
  const solved = (x: Value, problem: Problem): Solved => {
    const { value: h, before } = solve(g, x, problem);
    const value = g.leave(h, x, problem.sign);
    // Of u before its last evaluation: the residual is what that evaluation changed.
    const change = g.leaveChange(sub(sampleRows(h), sampleRows(before)));
    const u = add(sampleRows(x), sampleRows(value));
    const share = div(reduceSum(square(change)), add(reduceSum(square(u)), 1e-24));
    return { value, residual: sqrt(share) };
  };
  return {
    forward: (x, solver) => solved(x, { sign: -1, solver }),
    inverse: (y, solver) => solved(y, { sign: 1, solver }),
  };
}
