import { RdSettings } from "../../catalog/methods/rd/settings.ts";
import { addAll, slice, type Value } from "../../graph/index.ts";
import { dropout, type Parameters } from "../../nn/index.ts";
import { adamW, warmUpCosine } from "../../optim/index.ts";
import {
  joinedLoss,
  pluggedScoring,
  pluggedTokens,
  pluginGroups,
  preparePlugin,
  withAbnormal,
} from "../decad/plugin.ts";
import { residualGuard } from "../decad/residual-guard.ts";
import { decodeLayers } from "../shared/decode-layers.ts";
import { imageScore } from "../shared/image-score.ts";
import type { GradientMethod, MethodContext, MethodLoss, MethodMaps } from "../method.ts";
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

function distillationLoss(p: Parameters, context: MethodContext, settings: RdSettings): MethodLoss {
  const { mlpRatio } = settings;
  const targets = standardisedInputs(context);
  const fused = fuse(p, targets, settings);
  const hostLoss = (remainder: Value): Value => {
    const end = remainder.shape[0] ?? 1;
    const some = targets.map((target) => slice(target, { axis: 0, start: 0, end }));
    const others = rebuild(p, remainder, { layers: targets, mlpRatio });
    return addAll(cosineLosses(some, others, settings.loss));
  };
  const clean = settings.plugin === "none" ? fused : fuse(p, targets, { ...settings, noise: 0 });
  const { tokens, added } = pluggedTokens(p, { tokens: fused, clean, context, hostLoss }, settings);
  const kept = dropout("dropout", tokens, settings.dropout);
  const rebuilt = rebuild(p, kept, { layers: targets, mlpRatio });
  const losses = cosineLosses(targets, rebuilt, settings.loss);
  const terms = Object.fromEntries(
    losses.map((loss, index) => [context.layers[index]?.name ?? `layer${index}`, loss]),
  );
  return joinedLoss({ loss: addAll(losses), terms }, added);
}

function anomalyMaps(p: Parameters, context: MethodContext, settings: RdSettings): MethodMaps {
  const targets = standardisedInputs(context);
  const fused = fuse(p, targets, { ...settings, noise: 0 });
  const { tokens, abnormal } = pluggedScoring(p, fused, settings);
  const rebuilt = rebuild(p, tokens, { layers: targets, mlpRatio: settings.mlpRatio });
  const distances = withAbnormal(tokenDistances(targets, rebuilt), abnormal, settings.decad);
  return sumMaps(distances, context, settings.smoothing);
}

/**
 * Reverse distillation: a frozen encoder's features are rebuilt by a decoder that has seen only
 * normal images; the cosine distance between both is the anomaly.
 *
 *   L = Σᵢ (1 − cos(fᵢ, f̂ᵢ)),  S(token) = Σᵢ (1 − cos(fᵢ(token), f̂ᵢ(token)))
 *
 * The base row of CNC's ablation: decoder and fusion, without text and experts.
 */
export const rd = (unparsed: unknown): GradientMethod => {
  const settings = RdSettings.parse(unparsed);
  const { weightDecay, clipNorm, learningRate, warmupShare } = settings;
  return {
    kind: "gradient",
    settings,
    scoring: settings.scoring,
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
      ...pluginGroups(settings),
    },
    loss: (p, context) => distillationLoss(p, context, settings),
    maps: (p, context) => anomalyMaps(p, context, settings),
    prepare: (p, context, data) => {
      const tokens = fuse(p, standardisedInputs(context), { ...settings, noise: 0 });
      return preparePlugin(p, { tokens, settings }, data);
    },
    guard: residualGuard(),
    imageScore: imageScore(settings),
  };
};
