import { add, div, mul, sqrt, square, sub, type Value } from "../graph/index.ts";
import type { Optimiser } from "./optimiser.ts";

export type AdamOptions = {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly decay?: number;
};

/**
 * AdamW (Loshchilov & Hutter 2019): decoupled weight decay.
 *
 *   m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
 *   w ← (1 − η λ) w − η m̂ / (√v̂ + ε),  m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
 *
 * The state holds M = m / (1 − β₁) and V = v / (1 − β₂), which makes every factor that
 * depends on the step a scalar: w ← d w − r M / (√V + e). Ten passes over the parameters
 * instead of sixteen; the update is bound by memory, so this is its speed.
 */
export function adamW(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0.01 } = options;
  return {
    name: "adamw",
    decay,
    moments: ["first", "second"],
    scalarNames: ["keep", "rate", "epsilon"],
    scalars: (step, group) => ({
      keep: 1 - group.learningRate * group.decay,
      ...adamScalars({ beta1, beta2, epsilon }, step, group.learningRate),
    }),
    update: ({ parameter, gradient, moments, scalars }) => {
      const next = nextMoments({ beta1, beta2 }, gradient, moments);
      const change = adamChange(next, scalars);
      return { parameter: sub(mul(parameter, required(scalars, "keep")), change), moments: next };
    },
  };
}

/** Adam (Kingma & Ba 2015); weight decay, if any, is added to the gradient as L2 regularisation. */
export function adam(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 } = options;
  return {
    name: "adam",
    decay,
    moments: ["first", "second"],
    scalarNames: ["penalty", "rate", "epsilon"],
    scalars: (step, group) => ({
      penalty: group.decay,
      ...adamScalars({ beta1, beta2, epsilon }, step, group.learningRate),
    }),
    update: ({ parameter, gradient, moments, scalars }) => {
      const penalised = add(gradient, mul(parameter, required(scalars, "penalty")));
      const next = nextMoments({ beta1, beta2 }, penalised, moments);
      return { parameter: sub(parameter, adamChange(next, scalars)), moments: next };
    },
  };
}

type Betas = { readonly beta1: number; readonly beta2: number };
type Moments = Readonly<Record<string, Value>>;

function required(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = values[name];
  if (value === undefined) throw new Error(`The update rule was not given "${name}".`);
  return value;
}

/** M ← β₁ M + g, V ← β₂ V + g². */
function nextMoments(
  { beta1, beta2 }: Betas,
  gradient: Value,
  moments: Moments,
): { first: Value; second: Value } {
  return {
    first: add(mul(required(moments, "first"), beta1), gradient),
    second: add(mul(required(moments, "second"), beta2), square(gradient)),
  };
}

/** r M / (√V + e). */
function adamChange(next: { first: Value; second: Value }, scalars: Moments): Value {
  const spread = add(sqrt(next.second), required(scalars, "epsilon"));
  return mul(div(next.first, spread), required(scalars, "rate"));
}

/** The scalars r and e of step 0, 1, 2, … for the scaled moments. */
function adamScalars(
  { beta1, beta2, epsilon }: Betas & { readonly epsilon: number },
  step: number,
  learningRate: number,
): { rate: number; epsilon: number } {
  const correction1 = 1 - beta1 ** (step + 1);
  const correction2 = 1 - beta2 ** (step + 1);
  const spread = Math.sqrt(correction2 / (1 - beta2));
  return { rate: ((learningRate * (1 - beta1)) / correction1) * spread, epsilon: epsilon * spread };
}
