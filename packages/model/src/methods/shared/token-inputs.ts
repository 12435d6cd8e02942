import { cast, constantOf, input, mul, sub, type Value } from "../../graph/index.ts";
import type { MethodContext } from "../method.ts";

/** Channels that never move on the training images; dividing by less would blow up their noise. */
export const MIN_STD = 1e-4;

type Layout = Pick<MethodContext, "batch" | "gridSize" | "layers" | "statistics">;

/**
 * The encoder's token maps as graph inputs `tokens0`…, as they are, each [batch, tokens, channels].
 *
 * Build them once a graph: two inputs of one name are refused.
 */
export function rawInputs({ batch, gridSize, layers }: Layout): Value[] {
  return layers.map(({ channels }, index) =>
    cast(input(`tokens${index}`, [batch, gridSize ** 2, channels], "float16"), "float32"),
  );
}

/** The class token of each layer as graph inputs `global0`…, as they are, each [batch, channels]. */
export function globalInputs({ batch, layers, globals }: MethodContext): Value[] {
  if (!globals) throw new Error("Expected an encoder with class tokens, got one without.");
  return layers.map(({ channels }, index) =>
    cast(input(`global${index}`, [batch, channels], "float16"), "float32"),
  );
}

/**
 * Features of every layer, [..., channels], brought to mean 0 and deviation 1 a channel over the
 * training images' tokens.
 */
export function standardise(
  values: readonly Value[],
  { layers, statistics }: Pick<Layout, "layers" | "statistics">,
): Value[] {
  return values.map((value, index) => {
    const known = statistics[index];
    const channels = value.shape.at(-1) ?? 0;
    if (known?.mean.length !== channels) {
      const name = layers[index]?.name ?? `layer ${index}`;
      throw new Error(`Expected statistics of ${channels} channels for ${name}, got others.`);
    }
    const factor = known.std.map((std) => 1 / Math.max(std, MIN_STD));
    return mul(sub(value, constantOf(known.mean)), constantOf(factor));
  });
}

/** The token maps, standardised: `standardise(rawInputs(layout), layout)`. */
export function standardisedInputs(layout: Layout): Value[] {
  return standardise(rawInputs(layout), layout);
}
