import { add, div, l2Norm, matMul, mul, sub, type Value } from "../graph/index.ts";
import { adamW } from "./adam.ts";
import type { Optimiser } from "./optimiser.ts";

/** Coefficients of the quintic whose iterates push every singular value towards 1 (Jordan et al. 2024). */
const [LINEAR, CUBIC, QUINTIC] = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;
/** An orthogonal update times this, times √(longer side), is as long as one of Adam's (Liu et al. 2025). */
const ADAM_LENGTH = 0.2;

/**
 * About U Vᵀ for a matrix U S Vᵀ, by five Newton–Schulz steps: X ← a X + b (X Xᵀ) X + c (X Xᵀ)² X.
 *
 * Singular values end between 0.7 and 1.2, which is as good as 1 for a direction. The square
 * matrix is the one of the shorter side.
 */
function orthogonalised(matrix: Value): Value {
  const [rows = 1, columns = 1] = matrix.shape;
  const isTall = rows > columns;
  let x = div(matrix, l2Norm(matrix, { epsilon: 1e-14 }));
  for (let i = 0; i < ITERATIONS; i++) {
    const squared = isTall
      ? matMul(x, x, { transposeA: true })
      : matMul(x, x, { transposeB: true });
    const factor = add(mul(CUBIC, squared), mul(QUINTIC, matMul(squared, squared)));
    x = add(mul(LINEAR, x), isTall ? matMul(x, factor) : matMul(factor, x));
  }
  return x;
}

/**
 * Muon (Jordan et al. 2024) for matrices, AdamW for everything else: the momentum
 *
 *   M ← β M + g,  w ← (1 − η λ) w − 0.2 η √max(rows, columns) · orthogonalised(g + β M)
 *
 * moves all directions of a matrix alike, where Adam follows the few that the gradient is largest
 * in. Per step it learns about twice as much for a tenth more arithmetic.
 *
 * @param isMatrix which parameters, all of two axes, are updated so; first and last layers are not
 */
export function muon(options: {
  readonly momentum?: number;
  readonly decay?: number;
  readonly isMatrix: (parameter: Value) => boolean;
}): Optimiser {
  const { momentum = 0.95, decay = 0.01, isMatrix } = options;
  const others = adamW({ decay, beta2: 0.99 });
  return {
    name: "muon",
    decay,
    moments: others.moments,
    scalarNames: [...others.scalarNames, "step"],
    scalars: (step, group) => ({ ...others.scalars(step, group), step: group.learningRate }),
    update: (request) => {
      if (!isMatrix(request.parameter)) return others.update(request);
      const { parameter, gradient, moments, scalars } = request;
      const { first, second } = moments;
      const { keep, step } = scalars;
      if (!first || !second || !keep || !step) throw new Error("Muon was not given its arrays.");
      const next = add(mul(momentum, first), gradient);
      const direction = orthogonalised(add(gradient, mul(momentum, next)));
      const length = ADAM_LENGTH * Math.sqrt(Math.max(...parameter.shape));
      const change = mul(direction, mul(step, length));
      return {
        parameter: sub(mul(parameter, keep), change),
        moments: { first: next, second },
      };
    },
  };
}
