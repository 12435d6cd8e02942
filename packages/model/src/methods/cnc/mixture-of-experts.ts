import {
  add,
  div,
  gelu,
  linear,
  matMul,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  softmax,
  square,
  sub,
  topKMask,
  type Value,
} from "../../graph/index.ts";
import {
  type Initialiser,
  linearLayer,
  type Parameters,
  truncatedNormal,
  zerosInit,
} from "../../nn/index.ts";
import { sizeOf } from "../../tensor/index.ts";

/** Keeps the importance loss finite should no expert have any weight. */
const EPSILON = 1e-10;

export type MixtureOptions = {
  /** Number of experts T. */
  readonly experts: number;
  /** Experts K that each token visits. */
  readonly active: number;
  /** Hidden width of an expert over the width of a token. */
  readonly ratio: number;
  readonly gate: "softmax-first" | "top-k-first";
  /** The token is added to what its experts give, who then give nothing at first. */
  readonly residual: boolean;
};

export type Mixture = {
  /** Shaped as the input. */
  readonly output: Value;
  /** Squared coefficient of variation of the experts' importances, a scalar. */
  readonly importance: Value;
  /** Share of the tokens that visit each expert, [T]; sums to K. */
  readonly shares: Value;
};

/**
 * The squared coefficient of variation of the experts' importances (Shazeer et al. 2017).
 *
 *   I_t = Σ_r G_t(z_r),  L = Var_t(I) / (mean_t(I)² + ε)
 *
 * CNC eq. 15 prints the mean over tokens of each expert below the fraction, which is not a scalar;
 * this is the loss that it cites. It does not change when all I_t are scaled, so means stand for sums.
 *
 * @param scores softmax over the experts for each token, [tokens, T]
 */
export function importanceLoss(scores: Value): Value {
  const importance = reduceMean(scores, { axes: [0] });
  const mean = reduceMean(importance);
  const variance = reduceMean(square(sub(importance, mean)));
  return div(variance, add(square(mean), EPSILON));
}

/**
 * Initial values that keep the size of a token through an expert (He et al. 2015). With PyTorch's
 * usual ones, what the decoder sees would start at a twentieth of its size.
 */
function keepingVariance(fanIn: number): Initialiser {
  return truncatedNormal(Math.sqrt(2 / fanIn));
}

/**
 * Token-wise mixture of experts (CNC eq. 14): every token goes through its K best of T MLPs.
 *
 *   H = softmax(G(z)),  z* = Σ_{k ∈ TopK(H)} H_k E_k(z),  E(z) = W₂ gelu(W₁ z + b₁) + b₂
 *
 * With `top-k-first` the K weights are divided by their sum; with `residual` it is z + z*. All experts stand side by side in two
 * matrix products, with weight 0 for those that a token does not visit: a static graph cannot
 * leave them out, and two large products are faster than T small ones.
 *
 * @param x tokens [..., width]
 */
export function mixtureOfExperts(p: Parameters, x: Value, options: MixtureOptions): Mixture {
  const { experts, active, ratio, gate, residual } = options;
  const width = x.shape.at(-1) ?? 1;
  const hidden = Math.max(1, Math.round(width * ratio));
  const tokens = sizeOf(x.shape) / width;
  const z = reshape(x, [tokens, width]);

  const scores = softmax(linearLayer(p.scope("router"), z, experts));
  const visited = topKMask(scores, active);
  const chosen = mul(scores, visited);
  const weights =
    gate === "softmax-first"
      ? chosen
      : div(chosen, reduceSum(chosen, { axes: [1], keepDims: true }));

  const e = p.scope("experts");
  const inner = linear(
    z,
    e.get("in/weight", [width, experts * hidden], keepingVariance(width)),
    e.get("in/bias", [experts * hidden], zerosInit),
  );
  const apart = reshape(gelu(inner), [tokens, experts, hidden]);
  const weighted = mul(apart, reshape(weights, [tokens, experts, 1]));
  const outer = matMul(
    reshape(weighted, [tokens, experts * hidden]),
    e.get("out/weight", [experts * hidden, width], residual ? zerosInit : keepingVariance(hidden)),
  );
  const biases = matMul(weights, e.get("out/bias", [experts, width], zerosInit));
  const mixed = reshape(add(outer, biases), x.shape);
  return {
    output: residual ? add(x, mixed) : mixed,
    importance: importanceLoss(scores),
    shares: reduceMean(visited, { axes: [0] }),
  };
}
