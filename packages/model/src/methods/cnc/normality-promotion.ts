import type { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import {
  add,
  div,
  l2Norm,
  mul,
  reciprocal,
  stopGradient,
  sub,
  tanh,
  type Value,
} from "../../graph/index.ts";
import type { AnchorSpace } from "./anchor-space.ts";
import type { AnchorPair } from "./anchors.ts";

type PromotionSettings = Pick<
  CncSettings,
  "promotionScale" | "promotionWeight" | "promotionMatch" | "promotionGain"
>;

/**
 * How normal each token looks, [batch, tokens, 1], between 0 and 1 (CNC eq. 5 to 7).
 *
 *   Ψ = ½ (1 + tanh(gain (f·g_n − f·g_a)))
 *
 * No gradient flows into the anchors, or both sides could agree by moving them.
 *
 * @param tokens [batch, tokens, channels]
 */
export function normality(
  tokens: Value,
  { anchors, space }: { anchors: AnchorPair; space: AnchorSpace },
  { promotionMatch, promotionGain }: PromotionSettings,
): Value {
  const margin = space.along(tokens, stopGradient(sub(anchors.normal, anchors.abnormal)));
  const compared =
    promotionMatch === "dot"
      ? margin
      : div(margin, l2Norm(space.of(tokens), { axes: [-1], keepDims: true }));
  return mul(add(tanh(mul(compared, promotionGain)), 1), 0.5);
}

/**
 * The factor λ of the normality map for features [batch, tokens, channels], through which no
 * gradient flows: weight / ‖f‖ of each token or of the whole map, or weight ‖f‖ / √channels, with
 * which the shift is the same share of every token.
 */
export function promotionFactor(
  features: Value,
  { promotionScale, promotionWeight }: PromotionSettings,
): Value {
  const axes = promotionScale === "map" ? [1, 2] : [-1];
  const norm = stopGradient(l2Norm(features, { axes, keepDims: true }));
  if (promotionScale !== "share") return mul(reciprocal(norm), promotionWeight);
  return mul(norm, promotionWeight / Math.sqrt(features.shape.at(-1) ?? 1));
}

/** f ⊕ λ Ψ: the normality map added to every channel (CNC eq. 8). */
export function promote(features: Value, factor: Value, normal: Value): Value {
  return add(features, mul(factor, normal));
}
