import type { EncoderInfo } from "../catalog/encoder-info.ts";
import type { Provider } from "../catalog/providers.ts";

type Layout = Pick<EncoderInfo, "gridSize"> & {
  readonly layers: readonly { readonly channels: number }[];
  /** False when not given. */
  readonly globals?: boolean;
};

/** One array of an image's features. */
export type FeaturePart = { readonly name: string; readonly shape: readonly number[] };

/**
 * The arrays of one image's features in their order, named as the encoder's outputs and as the
 * inputs of a method's graphs: `tokens0`… [tokens, channels], then `global0`… [channels].
 */
export function featureParts({ gridSize, layers, globals = false }: Layout): FeaturePart[] {
  const tokens = layers.map(({ channels }, index) => {
    return { name: `tokens${index}`, shape: [gridSize ** 2, channels] };
  });
  const classTokens = layers.map(({ channels }, index) => {
    return { name: `global${index}`, shape: [channels] };
  });
  return globals ? [...tokens, ...classTokens] : tokens;
}

export function featureNames(layout: Layout): string[] {
  return featureParts(layout).map((part) => part.name);
}

/**
 * The element type of an encoder's outputs on a provider.
 *
 * Half precision halves what a GPU or a thread hands over, but many GPUs have none under WebGPU;
 * there the outputs stay in single precision and are rounded by who reads them.
 */
export function featureType(target: Provider): "float16" | "float32" {
  return target === "webgpu" ? "float32" : "float16";
}
