import type { RdSettings } from "../../catalog/methods/rd/settings.ts";
import { addAll, slice, type Value } from "../../graph/index.ts";
import { dropout, type Parameters } from "../../nn/index.ts";
import { adamW, warmUpCosine } from "../../optim/index.ts";
import type { Host, HostScoring, HostTraining } from "../host.ts";
import type { MethodContext } from "../method.ts";
import { decodeLayers } from "../shared/decode-layers.ts";
import { imageScore } from "../shared/image-score.ts";
import { cosineLosses, tokenDistances } from "../shared/cosine-distance.ts";
import { sumMaps } from "../shared/sum-maps.ts";
import { standardisedInputs } from "../shared/token-inputs.ts";
import { fuse } from "./fuse.ts";

/** The decoder's reconstruction of every layer, shaped as the layers. */
function rebuild(
  p: Parameters,
  tokens: Value,
  { layers, mlpRatio }: { layers: readonly Value[]; mlpRatio: number },
): Value[] {
  const channels = layers.map((layer) => layer.shape.at(-1) ?? 1);
  return decodeLayers(p, tokens, { channels, mlpRatio });
}

function trained(p: Parameters, context: MethodContext, settings: RdSettings): HostTraining {
  const { mlpRatio } = settings;
  const targets = standardisedInputs(context);
  const tokens = fuse(p, targets, settings);
  return {
    tokens,
    intoPlugin: tokens,
    clean: fuse(p, targets, { ...settings, noise: 0 }),
    gridSize: context.gridSize,
    loss: (seen) => {
      const kept = dropout("dropout", seen, settings.dropout);
      const rebuilt = rebuild(p, kept, { layers: targets, mlpRatio });
      const losses = cosineLosses(targets, rebuilt, settings.loss);
      const terms = Object.fromEntries(
        losses.map((loss, index) => [context.layers[index]?.name ?? `layer${index}`, loss]),
      );
      return { loss: addAll(losses), terms };
    },
    quietLoss: (seen) => {
      const end = seen.shape[0] ?? 1;
      const some = targets.map((target) => slice(target, { axis: 0, start: 0, end }));
      const others = rebuild(p, seen, { layers: targets, mlpRatio });
      return addAll(cosineLosses(some, others, settings.loss));
    },
  };
}

function scored(p: Parameters, context: MethodContext, settings: RdSettings): HostScoring {
  const { mlpRatio, smoothing } = settings;
  const targets = standardisedInputs(context);
  return {
    tokens: fuse(p, targets, { ...settings, noise: 0 }),
    distances: (seen) => tokenDistances(targets, rebuild(p, seen, { layers: targets, mlpRatio })),
    onGrid: (scores) => scores,
    maps: (distances) => sumMaps(distances, context, smoothing),
  };
}

/**
 * Reverse distillation: a frozen encoder's features are rebuilt by a decoder that has seen only
 * normal images; the cosine distance between both is the anomaly.
 *
 *   L = Σᵢ (1 − cos(fᵢ, f̂ᵢ)),  S(token) = Σᵢ (1 − cos(fᵢ(token), f̂ᵢ(token)))
 *
 * The base row of CNC's ablation: decoder and fusion, without text and experts.
 */
export const rdHost = (settings: RdSettings): Host => {
  const { weightDecay, clipNorm, learningRate, warmupShare, scoring } = settings;
  return {
    view: {},
    schedule: {
      optimiser: adamW({ decay: weightDecay }),
      clipNorm,
      learningRate: (steps) =>
        warmUpCosine({
          peak: learningRate,
          steps,
          warmUpSteps: Math.round(steps * warmupShare),
        }),
    },
    scoring,
    train: (p, context) => trained(p, context, settings),
    score: (p, context) => scored(p, context, settings),
    imageScore: imageScore(settings),
  };
};
