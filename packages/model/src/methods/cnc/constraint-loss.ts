import {
  concat,
  logSumExp,
  matMul,
  mul,
  reduceMean,
  reshape,
  slice,
  sub,
  type Value,
} from "../../graph/index.ts";
import type { AnchorPair } from "./anchors.ts";
import { unit } from "./unit.ts";

/**
 * How far global features are from preferring the normal anchor, averaged over the batch (CNC
 * eq. 4 and 10):
 *
 *   −log( exp(e·g_n/τ) / (exp(e·g_n/τ) + exp(e·g_a/τ)) )
 *
 * All vectors are brought to length 1. With τ = 0.001 the exponents reach ±1000, so the logarithm
 * of the sum is taken with the larger one apart.
 *
 * @param globals [batch, channels], in the space of the anchors
 */
export function constraintLoss(globals: Value, anchors: AnchorPair, temperature: number): Value {
  const channels = globals.shape.at(-1) ?? 1;
  const pair = concat(
    [anchors.normal, anchors.abnormal].map((anchor) => reshape(anchor, [1, channels])),
    0,
  );
  const logits = mul(matMul(unit(globals), pair, { transposeB: true }), 1 / temperature);
  const normal = reshape(slice(logits, { axis: 1, start: 0, end: 1 }), [globals.shape[0] ?? 1]);
  return reduceMean(sub(logSumExp(logits), normal));
}
