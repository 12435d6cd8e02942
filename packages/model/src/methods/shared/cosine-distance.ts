import { cosineSimilarity, reduceMean, sub, type Value } from "../../graph/index.ts";

/** What one vector is: a token, or a layer's whole map. */
export type CosineLoss = "token-cosine" | "map-cosine";

function paired(targets: readonly Value[], rebuilt: readonly Value[]): [Value, Value][] {
  return targets.map((target, index) => {
    const other = rebuilt[index];
    if (other === undefined) throw new Error("Expected a reconstruction of every layer.");
    return [target, other];
  });
}

/**
 * 1 − cosine of every layer [batch, tokens, channels] and its reconstruction, averaged over the
 * batch (and the tokens); with `map-cosine` all tokens of a layer are one vector an image (CNC
 * eq. 17).
 */
export function cosineLosses(
  targets: readonly Value[],
  rebuilt: readonly Value[],
  loss: CosineLoss,
): Value[] {
  const axes = loss === "token-cosine" ? [-1] : [1, 2];
  return paired(targets, rebuilt).map(([target, other]) =>
    reduceMean(sub(1, cosineSimilarity(target, other, { axes }))),
  );
}

/** 1 − cosine of every token of every layer with its reconstruction, each [batch, tokens]. */
export function tokenDistances(targets: readonly Value[], rebuilt: readonly Value[]): Value[] {
  return paired(targets, rebuilt).map(([target, other]) =>
    sub(1, cosineSimilarity(target, other, { axes: [-1] })),
  );
}
