import type { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import { concat, reduceMean, reshape, slice, type Value } from "../../graph/index.ts";
import type { MethodContext } from "../method.ts";
import { globalInputs, rawInputs, standardise } from "../shared/token-inputs.ts";

/** Features of one layer in the space that is distilled. */
export type LayerFeatures = {
  /** [batch, tokens, channels], the class token left out. */
  readonly patches: Value;
  /** [batch, channels], or null where the class token plays no part. */
  readonly classToken: Value | null;
};

/** The encoder's features of all layers, shallow to deep. */
export function encoderFeatures(context: MethodContext, settings: CncSettings): LayerFeatures[] {
  const prepare = (values: Value[]): Value[] =>
    settings.features === "standardised" ? standardise(values, context) : values;
  const patches = prepare(rawInputs(context));
  const withClass = context.globals && settings.global === "cls";
  const classTokens = withClass ? prepare(globalInputs(context)) : [];
  return patches.map((value, index) => ({
    patches: value,
    classToken: classTokens[index] ?? null,
  }));
}

/** Class token and patches as one sequence [batch, (1 +) tokens, channels]. */
export function joined({ patches, classToken }: LayerFeatures): Value {
  if (classToken === null) return patches;
  const [batch = 1, channels = 1] = classToken.shape;
  return concat([reshape(classToken, [batch, 1, channels]), patches], 1);
}

/** The parts of a sequence that `joined` made. */
export function parted(sequence: Value, hasClassToken: boolean): LayerFeatures {
  if (!hasClassToken) return { patches: sequence, classToken: null };
  const [batch = 1, length = 1, channels = 1] = sequence.shape;
  const first = slice(sequence, { axis: 1, start: 0, end: 1 });
  return {
    patches: slice(sequence, { axis: 1, start: 1, end: length }),
    classToken: reshape(first, [batch, channels]),
  };
}

/** The global feature [batch, channels]: the class token, or the mean of the patches. */
export function globalFeature({ patches, classToken }: LayerFeatures): Value {
  return classToken ?? reduceMean(patches, { axes: [1] });
}
