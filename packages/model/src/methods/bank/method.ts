import { BankSettings, joinedLayers } from "../../catalog/methods/bank/settings.ts";
import { chosenLayers } from "../../catalog/methods/shared/chosen-layers.ts";
import { mul, reshape, type Value } from "../../graph/index.ts";
import type { Parameters } from "../../nn/index.ts";
import type { MethodContext, MethodFactory, MethodMaps } from "../method.ts";
import { topMean } from "../shared/top-mean.ts";
import { upsampleTokens } from "../shared/upsample-tokens.ts";
import { chunkName, fitBank, withoutImages } from "./fit-bank.ts";
import { nearestDistance } from "./nearest-distance.ts";
import { scoresOfTokens } from "./neighbourhood.ts";
import { patchGraph } from "./patch-graph.ts";
import { densityWeight } from "./density-weight.ts";

/** The bank's arrays, as many as the weights hold. */
function chunksOf(p: Parameters): Value[] {
  const chunks: Value[] = [];
  for (;;) {
    const chunk = p.find(chunkName(chunks.length));
    if (chunk === null) break;
    chunks.push(chunk);
  }
  if (chunks.length === 0) throw new Error("Expected the patches of a bank, got none.");
  return chunks;
}

/** Where the patches of the chosen layers lie, on the average: their tokens differ by some pixels. */
function originOf({ layers }: MethodContext, settings: BankSettings): number {
  const origins = joinedLayers(settings).map((at) => layers[at]?.origin ?? 0);
  return origins.reduce((sum, origin) => sum + origin, 0) / origins.length;
}

function anomalyMaps(p: Parameters, context: MethodContext, settings: BankSettings): MethodMaps {
  const { batch, gridSize, inputSize, layers } = context;
  const patches = patchGraph(context, settings);
  const chunks = chunksOf(p);
  const distances = reshape(nearestDistance(patches, chunks), [batch, -1]);
  const tokens = scoresOfTokens(distances, { gridSize, border: settings.border });

  const stride = layers[0]?.stride ?? inputSize / gridSize;
  const origin = originOf(context, settings);
  const { smoothing, reweighting } = settings;
  const pixels = upsampleTokens(tokens, { gridSize, inputSize, origin, stride }, smoothing);
  const map = reshape(pixels, [batch, inputSize, inputSize]);
  if (reweighting === 0) return { tokens, map };
  const weight = densityWeight({ patches, distances, chunks }, reweighting);
  return { tokens: mul(tokens, weight), map };
}

/**
 * Patch memory bank (as in PatchCore, Roth et al. 2022, on any encoder): a patch is anomalous by
 * its Euclidean distance to the nearest patch of the normal images.
 *
 *   s(patch) = min over m in the bank of |patch − m|,   S(image) = max over patches of s
 *
 * Nothing is learned: it takes the time of one encoder pass and the choice of the patches to keep.
 * One bank serves all categories, without labels.
 */
export const bank: MethodFactory = (unparsed) => {
  const settings = BankSettings.parse(unparsed);
  const layers = chosenLayers(settings.layers);
  return {
    kind: "memory",
    settings,
    scoring: settings.scoring,
    view: layers === undefined ? {} : { layers },
    fit: (context, data) => fitBank({ context, settings, data }),
    without: withoutImages,
    maps: (p, context) => anomalyMaps(p, context, settings),
    imageScore: (tokens) =>
      settings.imageScore === "max"
        ? topMean(tokens, 1)
        : topMean(tokens, tokens.length * settings.topTokenShare),
  };
};
