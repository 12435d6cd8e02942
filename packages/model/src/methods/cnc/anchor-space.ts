import type { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import { add, constantOf, matMul, mul, reshape, type Value } from "../../graph/index.ts";
import type { LayerStatistics, MethodContext } from "../method.ts";
import { MIN_STD } from "../shared/token-inputs.ts";
import type { Anchors } from "./anchors.ts";

/** How one layer's features come from the space that is distilled to that of its anchors. */
export interface AnchorSpace {
  /** x [..., channels] there. */
  of(features: Value): Value;
  /** Products [..., 1] of x there with a vector [channels], without making x there. */
  along(features: Value, direction: Value): Value;
}

type Affine = { readonly factor: Float32Array | null; readonly offset: Float32Array | null };

/** x → factor x + offset, a channel; null for 1 and for 0. */
function affineSpace({ factor, offset }: Affine): AnchorSpace {
  const scale = factor === null ? null : constantOf(factor);
  const shift = offset === null ? null : constantOf(offset);
  return {
    of: (features) => {
      const scaled = scale === null ? features : mul(features, scale);
      return shift === null ? scaled : add(scaled, shift);
    },
    along: (features, direction) => {
      const column = (vector: Value): Value => reshape(vector, [vector.shape[0] ?? 1, 1]);
      const found = matMul(features, column(scale === null ? direction : mul(direction, scale)));
      if (shift === null) return found;
      return add(found, matMul(reshape(shift, [1, shift.shape[0] ?? 1]), column(direction)));
    },
  };
}

/** Scaled features keep the mean that standardised ones lack: f / σ = (f − μ) / σ + μ / σ. */
function scaledOffset({ mean, std }: LayerStatistics): Float32Array {
  // A channel that never moves says nothing of an image, whatever its value.
  return mean.map((value, channel) => {
    const spread = std[channel] ?? 0;
    return spread > MIN_STD ? value / spread : 0;
  });
}

/**
 * The space of each layer's anchors.
 *
 * Texts compare with the encoder's own values. Standardised features have mean 0 over the training
 * images, so no free vector could be near all normal ones; scaled ones keep their mean.
 */
export function anchorSpaces(
  { kind }: Anchors,
  { statistics }: Pick<MethodContext, "statistics">,
  settings: CncSettings,
): AnchorSpace[] {
  const space = kind === "text" ? "plain" : settings.anchorSpace;
  return statistics.map((known) => {
    if (settings.features === "plain" || space === "standardised") {
      return affineSpace({ factor: null, offset: null });
    }
    if (space === "scaled") return affineSpace({ factor: null, offset: scaledOffset(known) });
    const factor = known.std.map((value) => Math.max(value, MIN_STD));
    return affineSpace({ factor, offset: known.mean });
  });
}
