import type { BankSettings } from "../../catalog/methods/bank/settings.ts";
import { constantOf, matMul, reshape, type Value } from "../../graph/index.ts";

/** How tokens become patches along one side of the grid. */
export type Neighbourhood = Pick<BankSettings, "neighbourhood" | "border"> & {
  readonly gridSize: number;
};

/** Patches along one side: the grid's tokens, less the outer ring where that is left out. */
export function patchSide({
  gridSize,
  border,
}: Pick<Neighbourhood, "gridSize" | "border">): number {
  if (border === "omit" && gridSize < 3) {
    throw new Error(
      `Expected a grid of at least 3 tokens a side to leave its ring out, got ${gridSize}. ` +
        "Choose another border.",
    );
  }
  return border === "omit" ? gridSize - 2 : gridSize;
}

function mirrored(place: number, count: number): number {
  if (count === 1) return 0;
  const period = 2 * (count - 1);
  const wrapped = ((place % period) + period) % period;
  return wrapped < count ? wrapped : period - wrapped;
}

/**
 * Weights [patches, tokens] of the average along one axis; each row sums to 1.
 *
 * A window is the product of one along each axis, also where it is cut or mirrored at an edge,
 * so two small matrices do what one over all pairs of tokens would.
 */
export function windowWeights(options: Neighbourhood): Float32Array {
  const { gridSize, neighbourhood, border } = options;
  const side = patchSide(options);
  const offset = (gridSize - side) / 2;
  const reach = (neighbourhood - 1) / 2;
  const weights = new Float32Array(side * gridSize);
  for (let patch = 0; patch < side; patch++) {
    const seen: number[] = [];
    for (let step = -reach; step <= reach; step++) {
      const place = patch + offset + step;
      if (border === "reflect") seen.push(mirrored(place, gridSize));
      else if (place >= 0 && place < gridSize) seen.push(place);
    }
    for (const place of seen) {
      const at = patch * gridSize + place;
      weights[at] = (weights[at] ?? 0) + 1 / seen.length;
    }
  }
  return weights;
}

/** Tokens [batch, gridSize², channels] averaged over their neighbours, [batch, side², channels]. */
export function averageNeighbours(tokens: Value, options: Neighbourhood): Value {
  const [batch = 1, , channels = 1] = tokens.shape;
  const { gridSize } = options;
  const side = patchSide(options);
  if (options.neighbourhood === 1 && side === gridSize) return tokens;
  const weights = constantOf(windowWeights(options), [side, gridSize]);
  const rows = matMul(weights, reshape(tokens, [batch, gridSize, gridSize * channels]));
  const both = matMul(weights, reshape(rows, [batch * side, gridSize, channels]));
  return reshape(both, [batch, side ** 2, channels]);
}

/**
 * Scores of patches [batch, side²] as scores of tokens [batch, gridSize²]: a token of the ring
 * that was left out takes the score of the patch next to it.
 */
export function scoresOfTokens(
  scores: Value,
  options: Pick<Neighbourhood, "gridSize" | "border">,
): Value {
  const { gridSize } = options;
  const side = patchSide(options);
  if (side === gridSize) return scores;
  const [batch = 1] = scores.shape;
  const weights = new Float32Array(gridSize * side);
  for (let token = 0; token < gridSize; token++) {
    weights[token * side + Math.min(Math.max(token - 1, 0), side - 1)] = 1;
  }
  const spread = constantOf(weights, [gridSize, side]);
  const rows = matMul(spread, reshape(scores, [batch, side, side]));
  return reshape(matMul(rows, spread, { transposeB: true }), [batch, gridSize ** 2]);
}
