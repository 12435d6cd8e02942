import type { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import { concat, gelu, inScope, quickGelu, type Value } from "../../graph/index.ts";
import { dropout, linearLayer, type Parameters } from "../../nn/index.ts";
import { decodeLayers } from "../shared/decode-layers.ts";
import { jitter, uniformNoise } from "../shared/feature-noise.ts";
import { joined, type LayerFeatures, parted } from "./features.ts";
import { type Mixture, mixtureOfExperts } from "./mixture-of-experts.ts";

export type Reconstruction = {
  /** Shaped as the encoder's features, shallow to deep. */
  readonly layers: readonly LayerFeatures[];
  /** Null where there are no experts. */
  readonly mixture: Mixture | null;
};

/**
 * What the trained part makes of the encoder's features: fusion, experts, decoder.
 *
 * Multi-layer fusion is one linear map over the joined layers with dropout behind it; without it,
 * the same map over the deepest layer alone, as in reverse distillation before fusion.
 *
 * @param isTraining noise and dropout are applied only then
 */
export function reconstruct(
  p: Parameters,
  features: readonly LayerFeatures[],
  { settings, isTraining }: { settings: CncSettings; isTraining: boolean },
): Reconstruction {
  const { width, mlpRatio, heads, noise, activation } = settings;
  const disturb = settings.noiseKind === "jitter" ? jitter : uniformNoise;
  const sequences = features.map(joined);
  const sources = [...sequences.entries()].slice(settings.fusion ? 0 : -1);
  const seen = sources.map(([index, sequence]) =>
    isTraining ? disturb(sequence, `noise${index}`, noise) : sequence,
  );
  const fused = inScope("fusion", () => linearLayer(p.scope("fusion"), concat(seen, -1), width));
  const kept = isTraining ? dropout("dropout", fused, settings.dropout) : fused;

  const mixture = settings.moe ? inScope("experts", () => mix(p, kept, settings)) : null;
  const rebuilt = decodeLayers(p, mixture?.output ?? kept, {
    channels: sequences.map((sequence) => sequence.shape.at(-1) ?? 1),
    mlpRatio,
    heads,
    activation: activation === "gelu" ? gelu : quickGelu,
  });
  const hasClassToken = features.some(({ classToken }) => classToken !== null);
  return { layers: rebuilt.map((sequence) => parted(sequence, hasClassToken)), mixture };
}

function mix(p: Parameters, tokens: Value, settings: CncSettings): Mixture {
  return mixtureOfExperts(p, tokens, {
    experts: settings.experts,
    active: settings.activeExperts,
    ratio: settings.expertRatio,
    gate: settings.gate,
    residual: settings.expertResidual,
  });
}
