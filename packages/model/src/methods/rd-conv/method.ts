import type { RdConvSettings } from "../../catalog/methods/rd-conv/settings.ts";
import {
  addAll,
  concat,
  inScope,
  relu,
  reshape,
  resizeBilinear,
  resizePixels,
  slice,
  type Value,
} from "../../graph/index.ts";
import { layerNormLayer, type Parameters } from "../../nn/index.ts";
import { adamW, warmUpCosine } from "../../optim/index.ts";
import { cosineLosses, tokenDistances } from "../shared/cosine-distance.ts";
import type { Host, HostScoring, HostTraining } from "../host.ts";
import type { MethodContext } from "../method.ts";
import { uniformNoise } from "../shared/feature-noise.ts";
import { imageScore } from "../shared/image-score.ts";
import { sumMaps } from "../shared/sum-maps.ts";
import { standardisedInputs } from "../shared/token-inputs.ts";
import { convLayer, residualBlock } from "./conv-blocks.ts";

/** Tokens [n, side², c] as pixels [n, side, side, c]. */
function toPixels(tokens: Value): Value {
  const [n = 1, count = 1, channels = 1] = tokens.shape;
  const side = Math.round(Math.sqrt(count));
  return reshape(tokens, [n, side, side, channels]);
}

/** Pixels [n, side, side, c] as tokens [n, side², c]. */
function toTokens(pixels: Value): Value {
  const [n = 1, height = 1, width = 1, channels = 1] = pixels.shape;
  return reshape(pixels, [n, height * width, channels]);
}

/**
 * The one-class embedding: layers joined by a 1 × 1 convolution (all are on one grid already, where
 * RD4AD first brings them there by strided ones), then a residual block on half the grid.
 *
 * @returns tokens [n, ⌈gridSize/2⌉², width]
 */
function embed(
  p: Parameters,
  layers: readonly Value[],
  { width, noise }: Pick<RdConvSettings, "width" | "noise">,
): Value {
  const seen = layers.map((layer, index) => uniformNoise(layer, `noise${index}`, noise));
  const joined = toPixels(concat(seen, -1));
  const fused = inScope("fusion", () => {
    const mixed = convLayer(p.scope("fusion"), joined, { width, kernel: 1 });
    return relu(layerNormLayer(p.scope("fusion/norm"), mixed));
  });
  const scope = p.scope("embedding");
  return toTokens(inScope("embedding", () => residualBlock(scope, fused, { width, stride: 2 })));
}

type DecoderShape = {
  /** Of each layer to rebuild, shallow to deep. */
  readonly channels: readonly number[];
  readonly gridSize: number;
  readonly width: number;
};

/** Reconstructions of every layer, the deepest on the half grid, the others on the whole one. */
function decode(
  p: Parameters,
  embedding: Value,
  { channels, gridSize, width }: DecoderShape,
): Value[] {
  let x = toPixels(embedding);
  const rebuilt: Value[] = [];
  for (const [index, wanted] of [...channels.entries()].reverse()) {
    const scope = p.scope(`block${index}`);
    const isDeepest = index === channels.length - 1;
    const block = inScope(`block${index}`, () => residualBlock(scope, x, { width }));
    x = isDeepest ? resizePixels(block, [gridSize, gridSize]) : block;
    const head = convLayer(p.scope(`head${index}`), x, { width: wanted, kernel: 1 });
    rebuilt.unshift(toTokens(head));
  }
  return rebuilt;
}

function shapeOf(
  layers: readonly Value[],
  { gridSize }: MethodContext,
  { width }: RdConvSettings,
): DecoderShape {
  return { channels: layers.map((layer) => layer.shape.at(-1) ?? 1), gridSize, width };
}

function trained(p: Parameters, context: MethodContext, settings: RdConvSettings): HostTraining {
  const layers = standardisedInputs(context);
  const shape = shapeOf(layers, context, settings);
  const tokens = embed(p, layers, settings);
  return {
    tokens,
    intoPlugin: tokens,
    clean: settings.noise === 0 ? tokens : embed(p, layers, { ...settings, noise: 0 }),
    gridSize: Math.ceil(context.gridSize / 2),
    loss: (seen) => {
      const losses = cosineLosses(layers, decode(p, seen, shape), settings.loss);
      const terms = Object.fromEntries(
        losses.map((loss, index) => [context.layers[index]?.name ?? `layer${index}`, loss]),
      );
      return { loss: addAll(losses), terms };
    },
    quietLoss: (seen) => {
      const end = seen.shape[0] ?? 1;
      const some = layers.map((layer) => slice(layer, { axis: 0, start: 0, end }));
      return addAll(cosineLosses(some, decode(p, seen, shape), settings.loss));
    },
  };
}

function scored(p: Parameters, context: MethodContext, settings: RdConvSettings): HostScoring {
  const layers = standardisedInputs(context);
  const shape = shapeOf(layers, context, settings);
  return {
    tokens: embed(p, layers, { ...settings, noise: 0 }),
    distances: (seen) => tokenDistances(layers, decode(p, seen, shape)),
    onGrid: (scores) => spread(scores, context.gridSize),
    maps: (distances) => sumMaps(distances, context, settings.smoothing),
  };
}

/** Scores [n, side²] of the half grid on the whole one, bilinear. */
function spread(scores: Value, gridSize: number): Value {
  const [n = 1, count = 1] = scores.shape;
  const side = Math.round(Math.sqrt(count));
  const image = resizeBilinear(reshape(scores, [n, 1, side, side]), [gridSize, gridSize]);
  return reshape(image, [n, gridSize ** 2]);
}

/**
 * Reverse distillation with convolutions (RD4AD, Deng & Li 2022), on token maps of one grid: a
 * one-class embedding on half the grid, and a decoder that mirrors a residual network.
 *
 *   L = Σᵢ (1 − cos(fᵢ, f̂ᵢ)),  S(token) = Σᵢ (1 − cos(fᵢ, f̂ᵢ))
 */
export const rdConvHost = (settings: RdConvSettings): Host => {
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
    imageScore: imageScore(settings),
  };
};
