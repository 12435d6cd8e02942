import { DecadSettings } from "../../catalog/methods/decad/settings.ts";
import { chosenLayers } from "../../catalog/methods/shared/chosen-layers.ts";
import { add, addAll, concat, inScope, normalise, slice, type Value } from "../../graph/index.ts";
import { dropout, linearLayer, type Parameters } from "../../nn/index.ts";
import { adamW, type Buffer, warmUpCosine } from "../../optim/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import { cosineLosses, tokenDistances } from "../shared/cosine-distance.ts";
import { decodeLayers } from "../shared/decode-layers.ts";
import { uniformNoise } from "../shared/feature-noise.ts";
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
import { decouple } from "./decouple.ts";
import { fixedAxes, measuredAxes } from "../shared/axes/fixed-axes.ts";
import {
  abnormalLevel,
  evaluationSolver,
  keptChannels,
  moduleParts,
  remainderOf,
} from "./module-parts.ts";
import { MODULE_SCOPE, networkGroups } from "./network-groups.ts";
import { prepareModule } from "./prepare-module.ts";
import { residualGuard } from "./residual-guard.ts";
import { withAbnormal } from "./with-abnormal.ts";

type Fusion = {
  readonly tokens: (layers: readonly Value[]) => Value;
  readonly buffers: readonly Buffer[];
};

/** Layers to tokens of mean 0 and deviation 1 a token: Φ [f₁, f₂, f₃], then LayerNorm without weights. */
function fusion(p: Parameters, layers: readonly Value[], settings: DecadSettings): Fusion {
  const scope = p.scope("fusion");
  const { width } = settings;
  if (settings.fusion === "pca") {
    const { project, buffers } = fixedAxes(scope, layers, width);
    return { tokens: (seen) => normalise(project(seen)), buffers };
  }
  const join = (seen: readonly Value[]): Value =>
    normalise(inScope("fusion", () => linearLayer(scope, concat(seen, -1), width)));
  return { tokens: join, buffers: [] };
}

function rebuilt(
  p: Parameters,
  tokens: Value,
  { layers, mlpRatio }: { layers: readonly Value[]; mlpRatio: number },
): Value[] {
  const channels = layers.map((layer) => layer.shape.at(-1) ?? 1);
  return decodeLayers(p, tokens, { channels, mlpRatio });
}

function decadLoss(p: Parameters, context: MethodContext, settings: DecadSettings): MethodLoss {
  const { loss: kind, noise, mlpRatio } = settings;
  const layers = standardisedInputs(context);
  const noisy = layers.map((layer, index) => uniformNoise(layer, `noise${index}`, noise));
  const fused = fusion(p, layers, settings);
  const clean = fused.tokens(layers);
  const { tokens, loss, terms, buffers, ...rest } = decouple(p.scope(MODULE_SCOPE), {
    tokens: noise === 0 ? clean : fused.tokens(noisy),
    clean,
    settings,
    context,
    hostLoss: (remainder) => {
      const count = remainder.shape[0] ?? 1;
      const targets = layers.map((layer) => slice(layer, { axis: 0, start: 0, end: count }));
      return addAll(cosineLosses(targets, rebuilt(p, remainder, { layers, mlpRatio }), kind));
    },
  });
  const kept = dropout("dropout", tokens, settings.dropout);
  const losses = cosineLosses(layers, rebuilt(p, kept, { layers, mlpRatio }), kind);
  const reconstruction = addAll(losses);
  return {
    ...rest,
    loss: add(reconstruction, loss),
    terms: { reconstruction, ...terms },
    buffers: [...buffers, ...fused.buffers],
  };
}

function decadMaps(p: Parameters, context: MethodContext, settings: DecadSettings): MethodMaps {
  const { mlpRatio, abnormalWeight } = settings;
  const layers = standardisedInputs(context);
  const tokens = fusion(p, layers, settings).tokens(layers);
  const parts = moduleParts(p.scope(MODULE_SCOPE), settings.width, settings);
  const solver = evaluationSolver(settings);
  const remainder = remainderOf(parts, tokens, { solver, openness: null });
  const others = rebuilt(p, remainder.tokens, { layers, mlpRatio });
  const distances = tokenDistances(layers, others);
  const abnormal = abnormalWeight > 0 ? abnormalLevel(parts, remainder) : null;
  return sumMaps(withAbnormal(distances, abnormal, settings), context, settings.smoothing);
}

async function prepare(
  p: Parameters,
  context: MethodContext,
  { settings, data }: { settings: DecadSettings; data: MethodData },
): Promise<Record<string, Tensor>> {
  const layers = standardisedInputs(context);
  const { tokens } = fusion(p, layers, settings);
  const measured: Record<string, Tensor> = {};
  const weight = p.find("fusion/weight");
  const clean = tokens(layers);
  if (settings.fusion !== "linear" && weight !== null) {
    const low = settings.width - keptChannels(settings.width, settings);
    const start = weight.attrs.initial;
    measured[weight.attrs.name] = await measuredAxes(layers, { start, low }, data);
  }
  const own = await prepareModule(
    p.scope(MODULE_SCOPE),
    { tokens: clean, settings, measured },
    data,
  );
  return { ...measured, ...own };
}

/**
 * DecAD (ICCV 2025): an invertible network takes each fused token apart into a normal and an
 * abnormal part, leaves the abnormal one out, and a decoder rebuilds the encoder's features from
 * the normal remainder. Synthetic anomalies teach it what to leave out.
 *
 *   x = LN(Φ[f₁, f₂, f₃]),  x̂ = F⁻¹(m ⊙ F(x)),  f̂ = decoder(x̂),  S = Σᵢ (1 − cos(fᵢ, f̂ᵢ))
 *
 * The supplement is binding where it speaks; the rest is a reconstruction whose choices are
 * settings, told in `docs/methods/decad.md`.
 */
export const decad = (unparsed: unknown): GradientMethod => {
  const settings = DecadSettings.parse(unparsed);
  const { inputSize, weightDecay, clipNorm, learningRate: peak, warmupShare } = settings;
  const layers = chosenLayers(settings.layers);
  return {
    kind: "gradient",
    settings,
    scoring: settings.scoring,
    view: { ...(layers !== undefined && { layers }), ...(inputSize > 0 && { inputSize }) },
    schedule: {
      optimiser: adamW({ decay: weightDecay }),
      clipNorm,
      learningRate: (steps) =>
        warmUpCosine({
          peak,
          steps,
          warmUpSteps: Math.round(steps * warmupShare),
          floor: peak * settings.finalRateShare,
        }),
      groups: (parameters) => networkGroups(parameters, settings),
    },
    loss: (p, context) => decadLoss(p, context, settings),
    maps: (p, context) => decadMaps(p, context, settings),
    prepare: (p, context, data) => prepare(p, context, { settings, data }),
    guard: residualGuard(),
    imageScore: imageScore(settings),
  };
};
