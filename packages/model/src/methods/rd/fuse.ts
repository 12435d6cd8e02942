import type { RdSettings } from "../../catalog/methods/rd/settings.ts";
import { concat, inScope, type Value } from "../../graph/index.ts";
import { linearLayer, type Parameters } from "../../nn/index.ts";
import { uniformNoise } from "../shared/feature-noise.ts";

/**
 * Layers to tokens [batch, tokens, width]: multi-layer fusion (CNC, section "MLF"), one linear map
 * over the concatenated layers.
 *
 * @param layers standardised features, each [batch, tokens, channels]
 * @param noise half-width of the uniform noise on them; 0 when scoring
 */
export function fuse(
  p: Parameters,
  layers: readonly Value[],
  { width, noise }: Pick<RdSettings, "width" | "noise">,
): Value {
  const seen = layers.map((layer, index) => uniformNoise(layer, `noise${index}`, noise));
  return inScope("fusion", () => linearLayer(p.scope("fusion"), concat(seen, -1), width));
}
