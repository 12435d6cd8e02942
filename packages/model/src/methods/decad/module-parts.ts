import type { DecadModuleSettings } from "../../catalog/methods/decad/module-settings.ts";
import {
  concat,
  constantOf,
  div,
  inScope,
  l2Norm,
  matMul,
  max,
  mul,
  type Parameter,
  reshape,
  slice,
  stopGradient,
  type Value,
} from "../../graph/index.ts";
import { onesInit, type Parameters } from "../../nn/index.ts";
import { float32 } from "../../tensor/index.ts";
import { type InvertibleNetwork, invertibleNetwork } from "./invertible/invertible-network.ts";
import type { Solver } from "./invertible/monotone-unit.ts";

/** What the network makes of tokens. */
export type Remainder = {
  /** x̂, the tokens without their abnormal part, shaped as the tokens. */
  readonly tokens: Value;
  /** The tokens in the network's basis, [rows, width]. */
  readonly rotated: Value;
  /** Latent rows [rows, width] before the abnormal channels are closed. */
  readonly latent: Value;
  /** Rows of the abnormal part, [rows, abnormal channels]. */
  readonly abnormal: Value;
  readonly residual: Value;
};

export type ModuleParts = {
  /** Mean norm of the abnormal part of intact tokens, [1]; it follows the training. */
  readonly level: Parameter;
  readonly network: InvertibleNetwork;
  readonly basis: Parameter | null;
  readonly width: number;
  /** Latent channels that are kept; the rest are the abnormal part. */
  readonly kept: number;
};

/** The weights of the module for tokens of `width` channels, under `p`. */
export function moduleParts(
  p: Parameters,
  width: number,
  settings: DecadModuleSettings,
): ModuleParts {
  const network = invertibleNetwork(p.scope("network"), width, {
    blocks: settings.networkBlocks,
    units: settings.networkUnits,
    layout: settings.layout,
    contraction: {
      kind: settings.contraction,
      coefficient: settings.lipschitz,
      powerIterations: settings.powerIterations,
      initialScale: settings.initialScale,
      steepness: settings.steepness,
      bottleneck: settings.bottleneckWidth,
      depth: settings.denseDepth,
      growth: settings.denseGrowth,
    },
  });
  const identity = (): ReturnType<typeof float32> => {
    const data = new Float32Array(width * width);
    for (let index = 0; index < width; index++) data[index * width + index] = 1;
    return float32([width, width], data);
  };
  const basis = settings.basis === "pca" ? p.get("basis", [width, width], identity) : null;
  const level = p.get("level", [1], onesInit);
  return { network, basis, level, width, kept: keptChannels(width, settings) };
}

/** Latent channels that are not the abnormal part. */
export function keptChannels(
  width: number,
  { abnormalShare }: Pick<DecadModuleSettings, "abnormalShare">,
): number {
  return width - Math.min(Math.max(1, Math.round(width * abnormalShare)), width - 1);
}

/** Rows [rows, width] in the module's basis. */
export function toBasis({ basis, width }: ModuleParts, tokens: Value): Value {
  const rows = reshape(tokens, [-1, width]);
  return basis === null ? rows : matMul(rows, stopGradient(basis));
}

/**
 * The normal remainder of tokens: x̂ = Qᵀ F⁻¹(m ⊙ F(Q x)), each token on its own.
 *
 * @param openness factor of the abnormal channels: 0 closes them, 1 leaves the token as it was
 */
export function remainderOf(
  parts: ModuleParts,
  tokens: Value,
  { solver, openness }: { solver: Solver; openness: Value | null },
): Remainder {
  const { network, basis, width, kept } = parts;
  const rotated = toBasis(parts, tokens);
  const there = inScope("there", () => network.forward(rotated, solver));
  const latent = there.value;
  const normal = slice(latent, { axis: 1, start: 0, end: kept });
  const abnormal = slice(latent, { axis: 1, start: kept, end: width });
  const closed = mul(abnormal, openness ?? constantOf(0));
  const back = inScope("back", () => network.inverse(concat([normal, closed], 1), solver));
  const rows =
    basis === null ? back.value : matMul(back.value, stopGradient(basis), { transposeB: true });
  return {
    tokens: reshape(rows, tokens.shape),
    rotated,
    latent,
    abnormal,
    residual: max(there.residual, back.residual),
  };
}

/** ‖z_a‖ / √(its channels) of every row, [rows]. */
export function abnormalNorm({ abnormal }: Pick<Remainder, "abnormal">): Value {
  const channels = abnormal.shape.at(-1) ?? 1;
  return mul(l2Norm(abnormal, { axes: [-1] }), 1 / Math.sqrt(channels));
}

/** The norm of every token's abnormal part over what is usual on normal images, [images, tokens]. */
export function abnormalLevel({ level }: ModuleParts, remainder: Remainder): Value {
  const norm = div(abnormalNorm(remainder), level);
  return reshape(norm, remainder.tokens.shape.slice(0, -1));
}

/** As often as the trained network's spectral norms ask for, and no less than in training. */
export function evaluationSolver(settings: DecadModuleSettings): Solver {
  const { evaluationIterations, evaluationError, iterations, mixEvery } = settings;
  const until = { share: evaluationError, least: Math.min(iterations, evaluationIterations) };
  return { iterations: evaluationIterations, mixEvery, until };
}
