import { gradients } from "../../../autodiff/index.ts";
import type { DecadModuleSettings } from "../../../catalog/methods/decad/module-settings.ts";
import {
  add,
  exp,
  log,
  mul,
  neg,
  random,
  reduceSum,
  sigmoid,
  stopGradient,
  sub,
  type Value,
  div,
  l2Norm,
} from "../../../graph/index.ts";
import { patchMasks } from "./patch-masks.ts";

/** Norm of the tokens for which delta is stated: LayerNorm of 768 channels. */
const REFERENCE_NORM = Math.sqrt(768);
/** Radius of the random start over delta. */
const START_SHARE = 0.25;

/** Radius for normalised tokens of `width` channels, whose norm is √width. */
export function radiusFor(delta: number, width: number): number {
  return (delta * Math.sqrt(width)) / REFERENCE_NORM;
}

/** Every row (last axis) brought to length 1; a row of zeros stays. */
function direction(x: Value): Value {
  return div(x, add(l2Norm(x, { axes: [-1], keepDims: true, epsilon: 0 }), 1e-12));
}

/** A uniform sample of the ball of this radius for every row, shaped as x. */
function inBall(name: string, x: Value, radius: number): Value {
  const width = x.shape.at(-1) ?? 1;
  const rows = [...x.shape.slice(0, -1), 1];
  const uniform = random(`${name}/radius`, rows, { kind: "uniform", low: 1e-6, high: 1 });
  const length = mul(exp(mul(log(uniform), 1 / width)), radius);
  return mul(direction(random(`${name}/start`, x.shape, { kind: "normal" })), length);
}

/** log(1 + eˣ) without overflow: max(x, 0) + log(1 + e^{−|x|}) by way of the sigmoid. */
export function softplus(x: Value): Value {
  // −log σ(−x); σ is bounded away from 0 by clamping where it would underflow.
  return neg(log(add(sigmoid(neg(x)), 1e-12)));
}

export type SynthesisRequest = {
  /** Normalised tokens [images, tokens, width], without gradient. */
  readonly tokens: Value;
  readonly gridSize: number;
  readonly settings: DecadModuleSettings;
  /** What the adversary raises, as a function of the tokens. */
  readonly objective: (tokens: Value) => Value;
};

export type Synthesis = {
  /** What is added to the tokens, [images, tokens, width]: of length δ where `mask` is 1, else 0. */
  readonly change: Value;
  /** [images, tokens, 1]. */
  readonly mask: Value;
};

/**
 * Anomalies of patch embeddings: one step of steepest ascent of radius δ a token (DecAD,
 * supplement; the first-order solution of max H(D(x + ε)) over ‖ε‖ ≤ δ), on random patches.
 *
 *   ε* = δ ∇ₓH / ‖∇ₓH‖  at x + ε₀, ε₀ uniform in the ball of radius δ/4
 *
 * Nothing of it has a gradient: the adversary moves no weight.
 */
export function synthesise(request: SynthesisRequest): Synthesis {
  const { gridSize, settings, objective } = request;
  const tokens = stopGradient(request.tokens);
  const [images = 1, , width = 1] = tokens.shape;
  const delta = radiusFor(settings.delta, width);
  const start = stopGradient(add(tokens, inBall("decad/adversary", tokens, delta * START_SHARE)));
  const [slope = start] = gradients(objective(start), [start]);
  const mask = patchMasks("decad/patches", { images, gridSize });
  const spread = 1 - settings.deltaFrom;
  const radius =
    spread === 0
      ? delta
      : mul(
          random("decad/delta", [images, 1, 1], {
            kind: "uniform",
            low: settings.deltaFrom,
            high: 1,
          }),
          delta,
        );
  const change = mul(mul(direction(stopGradient(slope)), radius), mask);
  return { change: stopGradient(change), mask: stopGradient(mask) };
}

/** Entropy of a Bernoulli variable from its logit, summed. */
export function doubt(logits: Value): Value {
  const p = sigmoid(logits);
  return reduceSum(add(mul(p, softplus(neg(logits))), mul(sub(1, p), softplus(logits))));
}
