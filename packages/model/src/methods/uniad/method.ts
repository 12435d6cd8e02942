import type { UniadSettings } from "../../catalog/methods/uniad/settings.ts";
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
import { jitter } from "../shared/feature-noise.ts";
import { imageScore } from "../shared/image-score.ts";
import type { Host, HostData, HostScoring, HostTraining } from "../host.ts";
import type { MethodContext } from "../method.ts";
import { sumMaps } from "../shared/sum-maps.ts";
import { standardisedInputs } from "../shared/token-inputs.ts";
import { queryTransformer } from "./query-transformer.ts";

const AXES_SCOPE = "axes";

function trained(p: Parameters, context: MethodContext, settings: UniadSettings): HostTraining {
  const layers = standardisedInputs(context);
  const { gridSize } = context;
  const axes = fixedAxes(p.scope(AXES_SCOPE), layers, settings.features);
  const aligned = stopGradient(axes.project(layers));
  const distance = (tokens: Value, isTraining: boolean): Value => {
    const rebuilt = queryTransformer(p, tokens, { settings, gridSize, isTraining });
    const target = slice(aligned, { axis: 0, start: 0, end: rebuilt.shape[0] ?? 1 });
    return reduceMean(square(sub(rebuilt, target)));
  };
  return {
    tokens: jitter(aligned, "uniad/jitter", settings.jitter),
    // A disturbance of the plug-in's own takes the place of the jitter.
    intoPlugin: aligned,
    clean: aligned,
    gridSize,
    loss: (seen) => {
      const reconstruction = distance(seen, true);
      return { loss: reconstruction, terms: { reconstruction }, buffers: axes.buffers };
    },
    quietLoss: (seen) => distance(seen, false),
  };
}

function scored(p: Parameters, context: MethodContext, settings: UniadSettings): HostScoring {
  const layers = standardisedInputs(context);
  const { gridSize } = context;
  const aligned = fixedAxes(p.scope(AXES_SCOPE), layers, settings.features).project(layers);
  return {
    tokens: aligned,
    distances: (seen) => {
      const rebuilt = queryTransformer(p, seen, { settings, gridSize, isTraining: false });
      const distance = l2Norm(sub(rebuilt, aligned), { axes: [-1] });
      // One distance for all layers, each of which says where its tokens lie; a root of a mean, so
      // that a plug-in's map weighs the same however many features there are.
      const share = mul(distance, 1 / (layers.length * Math.sqrt(settings.features)));
      return layers.map(() => share);
    },
    onGrid: (scores) => scores,
    maps: (distances) => sumMaps(distances, context, settings.smoothing),
  };
}

async function prepare(
  p: Parameters,
  context: MethodContext,
  { settings, data }: { settings: UniadSettings; data: HostData },
): Promise<Record<string, Tensor>> {
  const layers = standardisedInputs(context);
  const axes = fixedAxes(p.scope(AXES_SCOPE), layers, settings.features);
  const [buffer] = axes.buffers;
  if (buffer === undefined) throw new Error("Expected axes to measure, got none.");
  const { name, initial } = buffer.parameter.attrs;
  const low = data.lowChannels(settings.features);
  return { [name]: await measuredAxes(layers, { start: initial, low }, data) };
}

/**
 * UniAD (You et al. 2022): a transformer whose decoder asks with learned queries and may not look
 * at a token's neighbourhood rebuilds the encoder's features from jittered ones.
 *
 *   L = mean (f̂ − f)²,  S(token) = ‖f̂ − f‖ / √C
 *
 * f: the standardised layers, joined, on their C principal axes.
 */
export const uniadHost = (settings: UniadSettings): Host => {
  const { weightDecay, clipNorm, learningRate: peak, warmupShare, scoring } = settings;
  return {
    view: {},
    schedule: {
      optimiser: adamW({ decay: weightDecay }),
      clipNorm,
      learningRate: (steps) =>
        warmUpCosine({ peak, steps, warmUpSteps: Math.round(steps * warmupShare) }),
    },
    scoring,
    train: (p, context) => trained(p, context, settings),
    score: (p, context) => scored(p, context, settings),
    prepare: (p, context, data) => prepare(p, context, { settings, data }),
    imageScore: imageScore(settings),
  };
};
