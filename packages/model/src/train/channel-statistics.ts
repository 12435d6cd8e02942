import type { Features } from "../encoders/feature-store.ts";
import type { LayerStatistics } from "../methods/method.ts";
import { fromFloat16 } from "../tensor/index.ts";

type Sums = { readonly sum: Float64Array; readonly squares: Float64Array };

/**
 * Mean and standard deviation of every channel over all tokens of all images added.
 *
 * Sums are kept in double precision: with |mean| up to 100 deviations, 10^7 tokens leave the
 * deviation exact to six digits.
 */
export class ChannelStatistics {
  readonly #layers: readonly Sums[];
  readonly #scratch: Float32Array[] = [];
  #tokens = 0;

  /** @param channels width of each layer, shallow to deep */
  constructor(channels: readonly number[]) {
    this.#layers = channels.map((count) => ({
      sum: new Float64Array(count),
      squares: new Float64Array(count),
    }));
  }

  /** @throws when a feature is not finite, as half precision ends at 65504 */
  add(features: Features): void {
    for (const [index, halves] of features.entries()) {
      const layer = this.#layers[index];
      if (layer === undefined) throw new Error(`Expected ${this.#layers.length} layers, got more.`);
      const values = (this.#scratch[index] ??= new Float32Array(halves.length));
      fromFloat16(halves, values);
      addLayer(layer, values);
    }
    this.#tokens += (features[0]?.length ?? 0) / (this.#layers[0]?.sum.length ?? 1);
  }

  value(): LayerStatistics[] {
    return this.#layers.map(({ sum, squares }) => {
      const mean = Float64Array.from(sum, (total) => total / this.#tokens);
      const std = squares.map((total, channel) => {
        const centre = mean[channel] ?? 0;
        return Math.sqrt(Math.max(0, total / this.#tokens - centre * centre));
      });
      return { mean: Float32Array.from(mean), std: Float32Array.from(std) };
    });
  }
}

function addLayer({ sum, squares }: Sums, values: Float32Array): void {
  const channels = sum.length;
  for (let start = 0; start < values.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const value = values[start + channel] ?? 0;
      sum[channel] = (sum[channel] ?? 0) + value;
      squares[channel] = (squares[channel] ?? 0) + value * value;
    }
  }
  if (!sum.every(Number.isFinite)) {
    throw new Error(
      "Expected finite features, but the encoder gave values beyond half precision (±65504). " +
        "Its weights or its normalisation do not fit.",
    );
  }
}
