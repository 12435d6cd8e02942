import type { DecadModuleSettings } from "../../catalog/methods/decad/module-settings.ts";
import {
  add,
  addAll,
  concat,
  cosineSimilarity,
  div,
  exp,
  gelu,
  input,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  slice,
  sqrt,
  square,
  stopGradient,
  sub,
  type Value,
} from "../../graph/index.ts";
import { linearLayer, type Parameters, zerosInit } from "../../nn/index.ts";
import type { Buffer } from "../../optim/index.ts";
import type { MethodContext, MethodLoss } from "../method.ts";
import { doubt, softplus, synthesise } from "./anomalies/synthesis.ts";
import type { Solver } from "./invertible/monotone-unit.ts";
import { sampleRows } from "./invertible/sample-rows.ts";
import {
  abnormalNorm,
  moduleParts,
  type ModuleParts,
  type Remainder,
  remainderOf,
} from "./module-parts.ts";

/** Scalar inputs that the step decides: how open the abnormal channels are, how strong the synthesis. */
const OPENNESS = "decad/openness";
const STRENGTH = "decad/strength";
/** Share of the abnormal part's mean norm that one step leaves as it was. */
const LEVEL_KEPT = 0.9;

export type DecoupleRequest = {
  /** Tokens of mean 0 and deviation 1, [images, tokens, width], as the host made them with noise. */
  readonly tokens: Value;
  /** The same without noise: what their normal remainder should be. */
  readonly clean: Value;
  readonly settings: DecadModuleSettings;
  readonly context: Pick<MethodContext, "steps" | "gridSize">;
  /** Side of the tokens' grid where it is not the encoder's. */
  readonly gridSize?: number;
  /**
   * The host's own loss of the first images from their remainder [images, tokens, width], without
   * noise and dropout: what the adversary `rec` raises.
   */
  readonly hostLoss: (remainder: Value) => Value;
};

/** What the module adds to a host's training step. */
export type Decoupled = Required<MethodLoss> & {
  /** The remainder that the host goes on with, shaped as its tokens. */
  readonly tokens: Value;
};

/** Verdicts (logits) on tokens: two linear maps with GELU between. */
function discriminate(p: Parameters, tokens: Value, width: number): Value {
  const scope = p.scope("discriminator");
  return linearLayer(scope.scope("out"), gelu(linearLayer(scope.scope("in"), tokens, width)), 1);
}

/** The adversary's objective as a function of tokens. */
function objectiveOf(
  p: Parameters,
  parts: ModuleParts,
  { request, openness }: { request: DecoupleRequest; openness: Value },
): (tokens: Value) => Value {
  const { settings, hostLoss } = request;
  const { adversary, discriminatorWidth, mixEvery, adversaryIterations: iterations } = settings;
  return (tokens) => {
    if (adversary === "rec") {
      const solver = { iterations, mixEvery };
      return hostLoss(remainderOf(parts, tokens, { solver, openness }).tokens);
    }
    const logits = discriminate(p, tokens, discriminatorWidth);
    // Away from "normal", or to where it cannot tell.
    return adversary === "disc" ? reduceSum(softplus(logits)) : doubt(logits);
  };
}

type Disturbed = {
  readonly tokens: Value;
  /** 1 on patches that are as they were, else 0, [images, tokens, 1]; null where all are. */
  readonly intact: Value | null;
  readonly terms: Readonly<Record<string, Value>>;
};

/** The tokens with synthetic anomalies on patches of the first images. */
function disturbed(
  p: Parameters,
  parts: ModuleParts,
  { request, openness }: { request: DecoupleRequest; openness: Value },
): Disturbed {
  const { tokens, settings, context } = request;
  const [images = 1] = tokens.shape;
  const count = Math.min(images, Math.ceil(images * settings.perturbedShare));
  if (settings.adversary === "none" || count === 0) return { tokens, intact: null, terms: {} };

  const strength = input(STRENGTH, []);
  const part = (from: number, end: number): Value => slice(tokens, { axis: 0, start: from, end });
  const chosen = part(0, count);
  const { change, mask } = synthesise({
    tokens: chosen,
    gridSize: request.gridSize ?? context.gridSize,
    settings,
    objective: objectiveOf(p, parts, { request, openness }),
  });
  const moved = add(chosen, mul(change, strength));
  const all = count === images ? moved : concat([moved, part(count, images)], 0);
  const hit = mul(mask, strength);
  const rest = sub(1, reshape(hit, [count, -1, 1]));
  const untouched = mul(slice(all, { axis: 2, start: 0, end: 1 }), 0);
  const intact =
    count === images
      ? rest
      : concat([rest, add(slice(untouched, { axis: 0, start: count, end: images }), 1)], 0);
  const terms: Record<string, Value> = {};
  if (settings.adversary !== "rec") {
    const width = settings.discriminatorWidth;
    const verdict = (x: Value): Value => discriminate(p, stopGradient(x), width);
    // −log(1 − σ) on clean tokens, −log σ on perturbed patches.
    const onClean = reduceMean(softplus(verdict(request.clean)));
    const wrong = mul(softplus(neg(verdict(moved))), hit);
    const onMoved = div(reduceSum(wrong), add(reduceSum(hit), 1e-6));
    terms.discriminator = add(onClean, onMoved);
  }
  return { tokens: all, intact: stopGradient(intact), terms };
}

/** 1 − cos and the mean squared difference of every token and its clean version, averaged. */
function decouplingLoss(remainder: Value, clean: Value): Value {
  const target = stopGradient(clean);
  const angle = sub(1, cosineSimilarity(target, remainder, { axes: [-1] }));
  return add(reduceMean(angle), reduceMean(square(sub(remainder, target))));
}

/** Mean square of the abnormal part, counting intact patches alone, over all of them. */
function latentLoss({ abnormal }: Remainder, intact: Value | null): Value {
  const squares = square(abnormal);
  return reduceMean(intact === null ? squares : mul(squares, reshape(intact, [-1, 1])));
}

/** Follows the mean norm of the abnormal part of intact tokens. */
function followedLevel({ level }: ModuleParts, remainder: Remainder, intact: Value | null): Buffer {
  const norms = abnormalNorm(remainder);
  const weights = intact === null ? null : reshape(intact, norms.shape);
  const mean =
    weights === null
      ? reduceMean(norms)
      : div(reduceSum(mul(norms, weights)), add(reduceSum(weights), 1e-6));
  const next = add(mul(level, LEVEL_KEPT), mul(stopGradient(mean), 1 - LEVEL_KEPT));
  return { parameter: level, next: () => next };
}

/** −log N(z_n; μ, σ) a channel, with learned μ and σ, without its constant. */
function priorLoss(p: Parameters, { latent }: Remainder, kept: number): Value {
  const scope = p.scope("prior");
  const normal = slice(latent, { axis: 1, start: 0, end: kept });
  const logStd = scope.get("logDeviation", [kept], zerosInit);
  const distance = mul(sub(normal, scope.get("mean", [kept], zerosInit)), exp(neg(logStd)));
  return reduceMean(add(mul(square(distance), 0.5), logStd));
}

/** ‖F⁻¹F(x) − x‖ / ‖x‖ over some rows of the batch, from the latent that training made of them. */
function roundTrip(
  { network }: ModuleParts,
  { from, latent, solver }: { from: Value; latent: Value; solver: Solver },
): Value {
  const start = sampleRows(from);
  const inverse = network.inverse(sampleRows(latent), solver).value;
  return sqrt(div(reduceSum(square(sub(inverse, start))), reduceSum(square(start))));
}

/** Shares of the run as functions of the step. */
function signalsOf(
  { annealShare, quietShare, adversary, perturbedShare }: DecadModuleSettings,
  steps: number,
): Record<string, (step: number) => number> {
  const annealed = annealShare * steps;
  const quiet = quietShare * steps;
  const openness = (step: number): number => (step >= annealed ? 0 : 1 - step / annealed);
  const isSynthetic = adversary !== "none" && perturbedShare > 0;
  return {
    [OPENNESS]: openness,
    ...(isSynthetic && { [STRENGTH]: (step: number): number => (step < quiet ? 0 : 1) }),
  };
}

/**
 * DecAD's module in training: anomalies are synthesised on some patches, mapped to latent space,
 * lose their abnormal channels there, and come back as the normal remainder that the host rebuilds
 * the clean features from.
 *
 *   L = λ_dec L_dec + λ_lat L_lat [+ λ_pr L_pr] [+ L_disc]
 */
export function decouple(p: Parameters, request: DecoupleRequest): Decoupled {
  const { settings, clean, context } = request;
  const width = request.tokens.shape.at(-1) ?? 1;
  const parts = moduleParts(p, width, settings);
  const openness = input(OPENNESS, []);
  const { tokens, intact, terms: adversarial } = disturbed(p, parts, { request, openness });
  const solver = { iterations: settings.iterations, mixEvery: settings.mixEvery };
  const remainder = remainderOf(parts, tokens, { solver, openness });

  const terms: Record<string, Value> = {
    decoupling: decouplingLoss(remainder.tokens, clean),
    latent: latentLoss(remainder, intact),
    ...adversarial,
  };
  if (settings.priorWeight > 0) terms.prior = priorLoss(p, remainder, parts.kept);
  const weights: Record<string, number> = {
    decoupling: settings.decouplingWeight,
    latent: settings.latentWeight,
    prior: settings.priorWeight,
  };
  const { network, basis } = parts;
  return {
    tokens: remainder.tokens,
    loss: addAll(Object.entries(terms).map(([name, term]) => mul(term, weights[name] ?? 1))),
    terms,
    watched: {
      "solver/residual": remainder.residual,
      "solver/roundTrip": roundTrip(parts, {
        from: remainder.rotated,
        latent: remainder.latent,
        solver,
      }),
      ...Object.fromEntries(network.spectralNorms.map((norm, i) => [`spectral/${i}`, norm])),
    },
    buffers: [
      ...network.buffers,
      followedLevel(parts, remainder, intact),
      // Measured once, before the first step; kept with the weights.
      ...(basis === null ? [] : [{ parameter: basis, next: () => basis }]),
    ],
    signals: signalsOf(settings, context.steps),
  };
}
