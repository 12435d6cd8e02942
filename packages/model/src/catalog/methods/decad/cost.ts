import type { DecadModuleSettings } from "./module-settings.ts";
import type { EncoderCost, MethodCost } from "../../method-entry.ts";
import { decoderCost } from "../shared/decoder-cost.ts";
import type { DecadSettings } from "./settings.ts";

/** One unit's G for tokens of `width` channels. */
type UnitCost = {
  readonly weights: number;
  /** Multiply-accumulates of one iteration of its solve, for one token. */
  readonly iteration: number;
  /** Those of its ends, which are outside of the iteration. */
  readonly ends: number;
};

function unitCost(settings: DecadModuleSettings, width: number): UnitCost {
  const { contraction, bottleneckWidth: inner, denseDepth, denseGrowth } = settings;
  if (contraction === "single") return { weights: width ** 2, iteration: width ** 2, ends: 0 };
  if (contraction === "bottleneck") {
    const ends = 2 * width * inner;
    return { weights: ends + inner ** 2, iteration: 2 * inner ** 2, ends };
  }
  const grown = Array.from({ length: denseDepth }, (_, layer) => {
    return (width + layer * denseGrowth) * denseGrowth;
  });
  const weights = grown.reduce(
    (sum, layer) => sum + layer,
    (width + denseDepth * denseGrowth) * width,
  );
  return { weights, iteration: weights, ends: 0 };
}

/**
 * What DecAD's module adds to a host: every unit is solved forward and inverse, with a backward pass each,
 * for all images, and once more with the adversary's iterations, together with the host's decoder,
 * for those that are perturbed.
 *
 * @param decoderMacs forward pass of what lies behind the module, for one image
 */
function decadModuleCost(
  settings: DecadModuleSettings,
  { width, tokens, decoderMacs }: { width: number; tokens: number; decoderMacs: number },
): MethodCost {
  const { networkBlocks, networkUnits, iterations, adversaryIterations } = settings;
  const units = networkBlocks * networkUnits;
  const { weights, iteration, ends } = unitCost(settings, width);
  const isPlayed = settings.adversary !== "none";
  const share = isPlayed ? settings.perturbedShare : 0;
  const adversary = settings.adversary === "rec" ? share : 0;
  // The weights' gradient is one product more.
  const solves = 2 * (2 * iterations + 1) + adversary * 2 * 2 * adversaryIterations;
  // Forward and inverse; the adversary needs no gradient of the weights.
  const through = 2 * 3 + adversary * 2 * 2;
  const hostAgain = adversary * 2 * decoderMacs;
  return {
    parameters: units * (weights + 3 * width),
    trainingMacs: tokens * units * (iteration * solves + ends * through) + hostAgain,
    // Of every solve, forward and inverse: the solution, what the activation saw, and its slope.
    activations: tokens * width * units * 2 * 8 * (1 + adversary),
  };
}

/** A host's cost with the plug-in's, where it is chosen; nearly all of a host lies behind it. */
export function withPluginCost(
  host: MethodCost,
  { plugin, decad }: { plugin: "none" | "decad"; decad: DecadModuleSettings },
  { width, tokens }: { width: number; tokens: number },
): MethodCost {
  if (plugin === "none") return host;
  const own = decadModuleCost(decad, { width, tokens, decoderMacs: host.trainingMacs / 3 });
  return {
    ...host,
    parameters: host.parameters + own.parameters,
    trainingMacs: host.trainingMacs + own.trainingMacs,
    activations: host.activations + own.activations,
  };
}

/** DecAD's own decoder with the module in front of it. */
export function decadCost(settings: DecadSettings, encoder: EncoderCost): MethodCost {
  const { width, mlpRatio } = settings;
  const decoder = decoderCost({ width, mlpRatio, blocks: 3 }, encoder);
  const tokens = encoder.gridSize ** 2;
  return withPluginCost(decoder, { plugin: "decad", decad: settings }, { width, tokens });
}
