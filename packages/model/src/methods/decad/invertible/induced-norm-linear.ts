import {
  add,
  div,
  linear,
  matMul,
  max,
  mul,
  reduceSum,
  reshape,
  sqrt,
  square,
  stopGradient,
  type Value,
} from "../../../graph/index.ts";
import { fanInUniform, type Initialiser, type Parameters } from "../../../nn/index.ts";
import type { Buffer } from "../../../optim/index.ts";
import { float32 } from "../../../tensor/index.ts";
import { leadingVectors, stretch } from "../../shared/axes/eigen/leading-vectors.ts";

export type InducedNormOptions = {
  readonly width: number;
  /** Largest spectral norm of the weight in use. */
  readonly coefficient: number;
  /** Power iterations after each step. */
  readonly powerIterations: number;
  /** Size of the first weights over the usual uniform ±1/√width. */
  readonly initialScale: number;
};

export type InducedNormLinear = {
  /** W̄, [in, out], and b, [out]. */
  readonly weight: Value;
  readonly bias: Value;
  apply(x: Value): Value;
  /** Wᵀ applied to a gradient of the output. */
  pullback(dy: Value): Value;
  /** Largest singular value of W before it is limited, []. */
  readonly norm: Value;
  /** Spectral norm of W̄ by the weights as they are stored. */
  storedNorm(): number;
  readonly buffers: readonly Buffer[];
};

function unit(vector: Value): Value {
  return div(vector, sqrt(add(reduceSum(square(vector)), 1e-24)));
}

/** Rounds of left ← W right, right ← Wᵀ left, both of length 1 in the end. */
function powerIteration(
  weight: Value,
  right: Value,
  rounds: number,
): { left: Value; right: Value } {
  let current = { left: right, right };
  for (let round = 0; round < rounds; round++) {
    const left = matMul(weight, current.right);
    current = { left: unit(left), right: unit(matMul(weight, left, { transposeA: true })) };
  }
  return current;
}

/**
 * x W̄ + b with the weight's spectral norm held below a coefficient: W̄ = W / max(1, σ(W)/c)
 * ("induced-norm linear"; soft, so a small weight stays as it is).
 *
 * σ = leftᵀ W right with vectors that follow W by a few power iterations after every step; they
 * are kept with the weights, so σ of a loaded model is that of its training. σ is differentiated
 * through W alone, the vectors being fixed, which is its exact gradient at the singular vectors.
 */
export function inducedNormLinear(
  p: Parameters,
  width: number,
  { width: outWidth, coefficient, powerIterations, initialScale }: InducedNormOptions,
): InducedNormLinear {
  const initial = fanInUniform(width / initialScale ** 2);
  const weight = p.get("weight", [width, outWidth], initial);
  const bias = p.get("bias", [outWidth], initial);
  let first: ReturnType<typeof leadingVectors> | null = null;
  let stored: number | null = null;
  const startOf = (side: "left" | "right"): Initialiser => {
    return (shape) => float32(shape, (first ??= leadingVectors(weight.attrs.initial))[side]);
  };
  const left = p.get("left", [width, 1], startOf("left"));
  const right = p.get("right", [outWidth, 1], startOf("right"));

  const along = matMul(weight, stopGradient(right));
  const norm = reduceSum(mul(stopGradient(left), along));
  const limited = div(weight, max(div(norm, coefficient), 1));
  return {
    weight: limited,
    bias,
    apply: (x) => linear(x, limited, bias),
    pullback: (dy) => {
      const rows = reshape(dy, [-1, outWidth]);
      const back = matMul(rows, stopGradient(limited), { transposeB: true });
      return reshape(back, [...dy.shape.slice(0, -1), width]);
    },
    norm: reshape(norm, []),
    storedNorm: () => {
      const [w, u, v] = [weight.attrs.initial, left.attrs.initial, right.attrs.initial];
      stored ??= stretch(w, { left: u, right: v });
      return Math.min(stored, coefficient);
    },
    buffers: [
      {
        parameter: left,
        next: (updated) => powerIteration(updated(weight), right, powerIterations).left,
      },
      {
        parameter: right,
        next: (updated) => powerIteration(updated(weight), right, powerIterations).right,
      },
    ],
  };
}
