import { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import { chosenLayers } from "../../catalog/methods/shared/chosen-layers.ts";
import {
  addAll,
  div,
  input,
  l2Norm,
  mul,
  type Parameter,
  reduceMean,
  reshape,
  slice,
  stopGradient,
  sub,
  type Value,
} from "../../graph/index.ts";
import type { Parameters } from "../../nn/index.ts";
import { adam, adamW, type ParameterGroup, warmUpCosine } from "../../optim/index.ts";
import { cosineLosses, tokenDistances } from "../shared/cosine-distance.ts";
import { imageScore } from "../shared/image-score.ts";
import type {
  GradientMethod,
  MethodContext,
  MethodLoss,
  MethodMaps,
  MethodSchedule,
} from "../method.ts";
import { sumMaps } from "../shared/sum-maps.ts";
import { type AnchorSpace, anchorSpaces } from "./anchor-space.ts";
import {
  type AnchorPair,
  type Anchors,
  buildAnchors,
  isAnchorParameter,
  isPrompt,
  finalAnchors,
} from "./anchors.ts";
import { constraintLoss } from "./constraint-loss.ts";
import { encoderFeatures, globalFeature, type LayerFeatures } from "./features.ts";
import type { Mixture } from "./mixture-of-experts.ts";
import { normality, promote, promotionFactor } from "./normality-promotion.ts";
import { reconstruct } from "./student.ts";

/** The scalar input that switches the decoder's constraint on. */
const CONSTRAINT_WEIGHT = "constraintWeight";

type Model = {
  readonly settings: CncSettings;
  readonly context: MethodContext;
  /** Null when neither constraint nor promotion needs them. */
  readonly anchors: Anchors | null;
  readonly encoder: readonly LayerFeatures[];
  readonly decoder: readonly LayerFeatures[];
  readonly mixture: Mixture | null;
};

function build(
  p: Parameters,
  context: MethodContext,
  { settings, isTraining }: { settings: CncSettings; isTraining: boolean },
): Model {
  const encoder = encoderFeatures(context, settings);
  const { layers: decoder, mixture } = reconstruct(p, encoder, { settings, isTraining });
  // The scoring graph reads the anchors for the promotion alone.
  const needsAnchors = settings.promotion || (isTraining && settings.constraint);
  const anchors = needsAnchors ? buildAnchors(p, context, settings) : null;
  return { settings, context, anchors, encoder, decoder, mixture };
}

/** What promotion makes of one side, and how normal its tokens look. */
type Promoted = { readonly features: Value; readonly normality: Value; readonly factor: Value };

/** Both sides of every layer as they are compared: promoted where that is switched on. */
function compared({ settings, context, anchors, encoder, decoder }: Model): {
  readonly encoder: Value[];
  readonly decoder: Value[];
  /** The encoder's side in detail; empty without promotion. */
  readonly promoted: Promoted[];
} {
  const targets = encoder.map(({ patches }) => patches);
  const rebuilt = decoder.map(({ patches }) => patches);
  if (!settings.promotion || anchors === null) {
    return { encoder: targets, decoder: rebuilt, promoted: [] };
  }
  const spaces = anchorSpaces(anchors, context, settings);
  const promoted = (features: Value, index: number, scaledBy: Value): Promoted => {
    const at = { anchors: pairAt(anchors, index), space: spaceAt(spaces, index) };
    const psi = normality(features, at, settings);
    const factor = promotionFactor(scaledBy, settings);
    return { features: promote(features, factor, psi), normality: psi, factor };
  };
  const own = targets.map((features, index) => promoted(features, index, features));
  const other = rebuilt.map((features, index) =>
    promoted(
      features,
      index,
      settings.promotionNorm === "own" ? features : (targets[index] ?? features),
    ),
  );
  return {
    encoder: own.map(({ features }) => features),
    decoder: other.map(({ features }) => features),
    promoted: own,
  };
}

function pairAt({ pairs }: Anchors, index: number): AnchorPair {
  const pair = pairs[index];
  if (pair === undefined) throw new Error("Expected a pair of anchors for every layer.");
  return pair;
}

function spaceAt(spaces: readonly AnchorSpace[], index: number): AnchorSpace {
  const space = spaces[index];
  if (space === undefined) throw new Error(`Expected statistics of layer ${index}, got none.`);
  return space;
}

/** Both parts of the constraint, summed over the layers (CNC eq. 4 and 10). */
function constraints(model: Model, anchors: Anchors): { alignment: Value; constraint: Value } {
  const { settings, context, encoder, decoder } = model;
  const spaces = anchorSpaces(anchors, context, settings);
  const globals = (features: readonly LayerFeatures[]): Value[] =>
    features.map((layer, index) => spaceAt(spaces, index).of(globalFeature(layer)));
  const lossOf = (feature: Value, pair: AnchorPair): Value =>
    constraintLoss(feature, pair, settings.temperature);
  const fixed = ({ normal, abnormal }: AnchorPair): AnchorPair => {
    return { normal: stopGradient(normal), abnormal: stopGradient(abnormal) };
  };
  return {
    alignment: addAll(globals(encoder).map((e, i) => lossOf(e, pairAt(anchors, i)))),
    // The anchors stay where the encoder puts them, or they would follow the decoder.
    constraint: addAll(globals(decoder).map((e, i) => lossOf(e, fixed(pairAt(anchors, i))))),
  };
}

/** Mean size of the encoder's shift over the size of its tokens, and the mean normality. */
function promotionGauges({ encoder }: Model, promoted: readonly Promoted[]): Record<string, Value> {
  if (promoted.length === 0) return {};
  const shifts = promoted.map(({ features }, index) => {
    const target = encoder[index]?.patches ?? features;
    return reduceMean(div(tokenNorm(sub(features, target)), tokenNorm(target)));
  });
  const mean = (values: readonly Value[]): Value => mul(addAll(values), 1 / values.length);
  return {
    "promotion/shift": mean(shifts),
    "promotion/normality": mean(promoted.map(({ normality: psi }) => reduceMean(psi))),
  };
}

function tokenNorm(tokens: Value): Value {
  return l2Norm(tokens, { axes: [-1] });
}

function expertGauges(mixture: Mixture | null): Record<string, Value> {
  if (mixture === null) return {};
  const { shares } = mixture;
  return Object.fromEntries(
    Array.from({ length: shares.shape[0] ?? 0 }, (_, t) => [
      `experts/${t}`,
      reshape(slice(shares, { axis: 0, start: t, end: t + 1 }), []),
    ]),
  );
}

/** First step, from 0, at which the decoder is constrained. */
function constrainedFrom(
  { constraintEpoch, constraintLatest }: CncSettings,
  { steps, stepsPerEpoch }: Pick<MethodContext, "steps" | "stepsPerEpoch">,
): number {
  return Math.min(Math.round(constraintEpoch * stepsPerEpoch), Math.ceil(constraintLatest * steps));
}

function totalLoss(p: Parameters, context: MethodContext, settings: CncSettings): MethodLoss {
  const model = build(p, context, { settings, isTraining: true });
  const { anchors, mixture } = model;
  const sides = compared(model);
  const terms: Record<string, Value> = {
    distillation: addAll(cosineLosses(sides.encoder, sides.decoder, settings.loss)),
  };
  const parts = Object.values(terms);
  const signals: Record<string, (step: number) => number> = {};
  if (anchors !== null) {
    const { alignment, constraint } = constraints(model, anchors);
    terms.alignment = alignment;
    parts.push(alignment);
    if (settings.constraint) {
      const start = constrainedFrom(settings, context);
      terms.constraint = constraint;
      parts.push(mul(constraint, input(CONSTRAINT_WEIGHT, [])));
      signals[CONSTRAINT_WEIGHT] = (step) => (step < start ? 0 : settings.constraintWeight);
    }
  }
  if (mixture !== null) {
    terms.importance = mixture.importance;
    parts.push(mixture.importance);
  }
  const watched = { ...expertGauges(mixture), ...promotionGauges(model, sides.promoted) };
  return { loss: addAll(parts), terms, watched, signals };
}

function anomalyMaps(p: Parameters, context: MethodContext, settings: CncSettings): MethodMaps {
  const model = build(p, context, { settings, isTraining: false });
  const { encoder, decoder } = compared(model);
  return sumMaps(tokenDistances(encoder, decoder), context, settings.smoothing);
}

function scheduleOf(settings: CncSettings): MethodSchedule {
  const { weightDecay: decay, beta1, learningRate: peak, warmupShare } = settings;
  const clipNorm = settings.clipNorm === 0 ? null : settings.clipNorm;
  return {
    optimiser: settings.optimiser === "adam" ? adam({ beta1, decay }) : adamW({ beta1, decay }),
    clipNorm,
    learningRate: (steps) =>
      warmUpCosine({
        peak,
        steps,
        warmUpSteps: Math.round(steps * warmupShare),
        floor: settings.rate === "constant" ? peak : 0,
      }),
    groups: (parameters) => groupsOf(parameters, clipNorm),
  };
}

/**
 * Anchors apart from the rest: at τ = 0.001 their gradient is a thousand times that of the
 * decoder, which a common limit would silence.
 */
function groupsOf(parameters: readonly Parameter[], clipNorm: number | null): ParameterGroup[] {
  const isAnchor = ({ attrs }: Parameter): boolean => isAnchorParameter(attrs.name);
  const decoder = parameters.filter((parameter) => !isAnchor(parameter));
  const anchors = parameters.filter(isAnchor);
  return [
    { parameters: decoder.filter(({ shape }) => shape.length > 1) },
    { parameters: decoder.filter(({ shape }) => shape.length <= 1), decay: 0 },
    ...(anchors.length === 0 ? [] : [{ parameters: anchors, decay: 0, clipNorm }]),
  ];
}

/**
 * CNC: reverse distillation whose decoder is held to the normal side of learned anchors, with
 * experts between fusion and decoder (AAAI 2025, arXiv 2501.00346).
 *
 *   L = L_distill + L_c¹ + γ [epoch ≥ ϑ] L_c² + L_moe  (eq. 9 and 16, all other weights 1)
 *   S(token) = Σᵢ (1 − cos(fᵢ*, f̂ᵢ*))
 *
 * With fusion, constraint, promotion and experts switched off it is the plain decoder of the
 * ablation's first row.
 */
export const cnc = (unparsed: unknown): GradientMethod => {
  const settings = CncSettings.parse(unparsed);
  const { inputSize, space, global } = settings;
  const layers = chosenLayers(settings.layers);
  return {
    kind: "gradient",
    settings,
    scoring: settings.scoring,
    view: {
      space,
      globals: global === "cls",
      ...(layers !== undefined && { layers }),
      ...(inputSize > 0 && { inputSize }),
    },
    wantsText: settings.anchors === "text" && (settings.constraint || settings.promotion),
    schedule: scheduleOf(settings),
    loss: (p, context) => totalLoss(p, context, settings),
    maps: (p, context) => anomalyMaps(p, context, settings),
    finalizeWeights: (p, context) =>
      settings.constraint || settings.promotion ? finalAnchors(p, context, settings) : {},
    storedParameters: (names) => names.filter((name) => !isPrompt(name)),
    imageScore: imageScore(settings),
  };
};
