import {
  type EncoderInfo,
  type EncoderView,
  estimateRun,
  type MethodName,
  viewEncoder,
} from "@loupe/model/catalog";

export type PlanChoice = {
  readonly method: MethodName;
  /** The method's settings in full. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly encoder: EncoderInfo;
  readonly steps: number;
  readonly batch: number;
  /** Training images. */
  readonly images: number;
};

export type PlanEstimate = ReturnType<typeof estimateRun>;

/**
 * Memory, time and disk that the chosen run will need; null while the choice makes no sense.
 *
 * @throws one sentence when the settings ask for a view that the encoder cannot give
 */
export function estimatePlan(choice: PlanChoice): PlanEstimate | null {
  const { method, settings, steps, batch, images } = choice;
  const isSensible = [steps, batch].every((n) => Number.isInteger(n) && n > 0);
  if (!isSensible) return null;
  const encoder = viewEncoder(choice.encoder, wantedView(settings));
  return estimateRun({ method, settings, encoder, steps, batch, images });
}

/** The view that settings ask for, in the names that methods give them. */
function wantedView({ inputSize, layers, space }: Readonly<Record<string, unknown>>): EncoderView {
  const blocks = typeof layers === "string" ? layers.split(",").map(Number) : [];
  const [first, second, third] = blocks.filter(Number.isInteger);
  return {
    ...(typeof inputSize === "number" && inputSize > 0 && { inputSize }),
    ...(first !== undefined &&
      second !== undefined &&
      third !== undefined && { layers: [first, second, third] }),
    ...(space === "joint" && { space }),
  };
}
