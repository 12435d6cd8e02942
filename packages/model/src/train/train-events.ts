import type { MethodName } from "../catalog/methods.ts";
import type { Provider } from "../catalog/providers.ts";
import type { AnomalyMap } from "../data/anomaly-map.ts";
import type { InputImage } from "../data/input-image.ts";

/** Everything that decides a training run, and where it keeps its files. */
export type TrainOptions = {
  /** Normal images to learn from. */
  images: readonly InputImage[];
  /** Images whose anomaly maps are shown while it learns; may be empty. */
  probes: readonly InputImage[];
  method: MethodName;
  /** Name or path, see `findEncoder`. */
  encoder: string;
  steps: number;
  batch: number;
  seed: number;
  provider: Provider;
  /** The method's settings, unparsed; `{}` takes every default. */
  settings: unknown;
  /** Encoder features, shared by all runs. */
  cacheDir: string;
  /** Checkpoints of this run alone. A matching one that is there is resumed from. */
  checkpointDir: string;
  /** Where the detector file is written, atomically. */
  outFile: string;
  /** The installation's key, which signs the detector file; made when it is not there. */
  signingKeyFile?: string;
  /** Default 50. */
  checkpointEverySteps?: number;
  /** Default 25. */
  probeEverySteps?: number;
  /** Aborting ends the run after a checkpoint; the generator throws the signal's reason. */
  signal: AbortSignal;
};

export type TrainStage = "encoding" | "training" | "calibrating";

/** How a probe image looks to the detector that is being trained. */
export type ProbeView = { readonly id: string; readonly score: number; readonly map: AnomalyMap };

export type TrainEvent =
  | { type: "stage"; stage: TrainStage; done: number; total: number }
  | { type: "resumed"; step: number }
  | {
      type: "step";
      /** Steps done so far, from 1. */
      step: number;
      steps: number;
      loss: number;
      terms: Record<string, number>;
      stepsPerSecond: number;
      secondsLeft: number;
    }
  | { type: "probe"; step: number; images: ProbeView[] }
  | { type: "checkpoint"; step: number }
  /** The checkpoint of this step could not be written; training goes on, and the next one is tried. */
  | { type: "unsaved"; step: number; reason: string };

/** Fixed display scale of anomaly maps: `min` is clearly normal, `max` clearly anomalous. */
export type ScoreScale = { readonly min: number; readonly max: number };

export type TrainResult = {
  file: string;
  sha256: string;
  method: MethodName;
  encoder: string;
  steps: number;
  /** Wall time of this process's part of the run, encoding included. */
  seconds: number;
  /** Mean training loss over the last tenth of the steps. */
  loss: number;
  trainImages: number;
  categories: string[];
  scale: ScoreScale;
  provider: Provider;
};
