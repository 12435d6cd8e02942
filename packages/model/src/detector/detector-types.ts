import type { MethodName } from "../catalog/methods.ts";
import type { Provider } from "../catalog/providers.ts";
import type { AnomalyMap } from "../data/anomaly-map.ts";
import type { InputImage, LabelledImage } from "../data/input-image.ts";
import type { Calibrations } from "../train/calibrate.ts";

/**
 * Who vouches for a detector file: this installation, another one (by its public key), or nobody.
 * A file that was changed after it was signed is not opened at all.
 */
export type DetectorSignature =
  | { readonly by: "here" }
  | { readonly by: "elsewhere"; readonly signer: string }
  | { readonly by: "nobody" };

/** What a detector file says of itself. JSON-safe. */
export type DetectorInfo = Calibrations & {
  readonly method: MethodName;
  readonly encoder: { readonly name: string; readonly sha256: string };
  readonly categories: readonly string[];
  /** Whether scores and maps are the method's own, or deviations above good images at the same place. */
  readonly scoring: "raw" | "standard";
  /** Side of the square maps, in pixels. */
  readonly inputSize: number;
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
  readonly trainImages: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the method did differently because of its encoder; null for nothing. */
  readonly note: string | null;
  readonly signature: DetectorSignature;
};

/** One image's outcome. A picture that cannot be read does not stop the others. */
export type Prediction =
  | { readonly id: string; readonly score: number; readonly map: AnomalyMap }
  | { readonly id: string; readonly error: string };

/** A trained detector that is loaded and ready. Close it to free its sessions. */
export interface Detector {
  readonly info: DetectorInfo;
  readonly provider: Provider;
  /** Scores in the order given; pictures are decoded ahead. */
  score(
    images: readonly InputImage[],
    options: { signal: AbortSignal },
  ): AsyncGenerator<Prediction, void, void>;
  close(): Promise<void>;
}

export type EvaluateOptions = {
  /** Anything that scores as a detector does. */
  detector: Pick<Detector, "score">;
  images: readonly LabelledImage[];
  signal: AbortSignal;
};

type EvaluationProgress = { done: number; total: number };

/** An image that cannot be read is reported and left out of the metrics. */
export type EvaluationEvent =
  | ({ type: "image"; id: string; score: number; map: AnomalyMap } & EvaluationProgress)
  | ({ type: "unreadable"; id: string; error: string } & EvaluationProgress);

/** AUROC between 0 and 1; null where it is undefined because only one class is there. */
export type CategoryMetrics = { iAuroc: number | null; pAuroc: number | null; images: number };

export type EvaluationResult = {
  categories: Record<string, CategoryMetrics>;
  /** Unweighted mean over the categories for which the value is defined. */
  mean: { iAuroc: number | null; pAuroc: number | null };
  secondsPerImage: number;
};
