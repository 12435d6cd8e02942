import { UniadSettings } from "../../catalog/methods/uniad/settings.ts";
import {
  l2Norm,
  mul,
  reduceMean,
  slice,
  square,
  stopGradient,
  sub,
  type Value,
} from "../../graph/index.ts";
import type { Parameters } from "../../nn/index.ts";
import { adamW, warmUpCosine } from "../../optim/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import { fixedAxes, measuredAxes } from "../shared/axes/fixed-axes.ts";
import { keptChannels } from "../decad/module-parts.ts";
import {
  joinedLoss,
  pluggedScoring,
  pluggedTokens,
  pluginGroups,
  preparePlugin,
  withAbnormal,
} from "../decad/plugin.ts";
import { residualGuard } from "../decad/residual-guard.ts";
import { jitter } from "../shared/feature-noise.ts";
import { imageScore } from "../shared/image-score.ts";
import type {
  GradientMethod,
  MethodContext,
  MethodData,
  MethodLoss,
  MethodMaps,
} from "../method.ts";
import { sumMaps } from "../shared/sum-maps.ts";
import { standardisedInputs } from "../shared/token-inputs.ts";
import { queryTransformer } from "./query-transformer.ts";

const AXES_SCOPE = "axes";

function uniadLoss(p: Parameters, context: MethodContext, settings: UniadSettings): MethodLoss {
  const layers = standardisedInputs(context);
  const { gridSize } = context;
  const axes = fixedAxes(p.scope(AXES_SCOPE), layers, settings.features);
  const aligned = stopGradient(axes.project(layers));
  const rebuild = (tokens: Value, isTraining: boolean): Value =>
    queryTransformer(p, tokens, { settings, gridSize, isTraining });
  const distance = (rebuilt: Value): Value => {
    const target = slice(aligned, { axis: 0, start: 0, end: rebuilt.shape[0] ?? 1 });
    return reduceMean(square(sub(rebuilt, target)));
  };
  // The module's synthesis takes the place of the jitter.
  const amount = settings.plugin === "none" ? settings.jitter : 0;
  const { tokens, added } = pluggedTokens(
    p,
    {
      tokens: jitter(aligned, "uniad/jitter", amount),
      clean: aligned,
      context,
      hostLoss: (remainder) => distance(rebuild(remainder, false)),
    },
    settings,
  );
  const reconstruction = distance(rebuild(tokens, true));
  const host = { loss: reconstruction, terms: { reconstruction }, buffers: axes.buffers };
  return joinedLoss(host, added);
}

function uniadMaps(p: Parameters, context: MethodContext, settings: UniadSettings): MethodMaps {
  const layers = standardisedInputs(context);
  const { gridSize } = context;
  const aligned = fixedAxes(p.scope(AXES_SCOPE), layers, settings.features).project(layers);
  const { tokens, abnormal } = pluggedScoring(p, aligned, settings);
  const rebuilt = queryTransformer(p, tokens, { settings, gridSize, isTraining: false });
  const distance = l2Norm(sub(rebuilt, aligned), { axes: [-1] });
  // One distance for all layers, each of which says where its tokens lie; a root of a mean, so
  // that the plug-in's map weighs the same however many features there are.
  const share = mul(distance, 1 / (layers.length * Math.sqrt(settings.features)));
  const distances = withAbnormal(
    layers.map(() => share),
    abnormal,
    settings.decad,
  );
  return sumMaps(distances, context, settings.smoothing);
}

async function prepare(
  p: Parameters,
  context: MethodContext,
  { settings, data }: { settings: UniadSettings; data: MethodData },
): Promise<Record<string, Tensor>> {
  const layers = standardisedInputs(context);
  const axes = fixedAxes(p.scope(AXES_SCOPE), layers, settings.features);
  const [buffer] = axes.buffers;
  if (buffer === undefined) throw new Error("Expected axes to measure, got none.");
  const { name, initial } = buffer.parameter.attrs;
  // The same features with and without the plug-in, whose abnormal part is the low ones.
  const low = settings.features - keptChannels(settings.features, settings.decad);
  const measured = { [name]: await measuredAxes(layers, { start: initial, low }, data) };
  return preparePlugin(p, { tokens: axes.project(layers), settings, measured }, data);
}

/**
 * UniAD (You et al. 2022): a transformer whose decoder asks with learned queries and may not look
 * at a token's neighbourhood rebuilds the encoder's features from jittered ones.
 *
 *   L = mean (f̂ − f)²,  S(token) = ‖f̂ − f‖ / √C
 *
 * f: the standardised layers, joined, on their C principal axes.
 */
export const uniad = (unparsed: unknown): GradientMethod => {
  const settings = UniadSettings.parse(unparsed);
  const { weightDecay, clipNorm, learningRate: peak, warmupShare } = settings;
  return {
    kind: "gradient",
    settings,
    scoring: settings.scoring,
    view: {},
    schedule: {
      optimiser: adamW({ decay: weightDecay }),
      clipNorm,
      learningRate: (steps) =>
        warmUpCosine({ peak, steps, warmUpSteps: Math.round(steps * warmupShare) }),
      ...pluginGroups(settings),
    },
    loss: (p, context) => uniadLoss(p, context, settings),
    maps: (p, context) => uniadMaps(p, context, settings),
    prepare: (p, context, data) => prepare(p, context, { settings, data }),
    guard: residualGuard(),
    imageScore: imageScore(settings),
  };
};
