import type {
  DetectorInfo,
  EvaluationResult,
  InputImage,
  LabelledImage,
  Provider,
  TrainEvent,
  TrainOptions,
  TrainResult,
} from "@loupe/model";

/** An anomaly map as an LMAP blob: encoded in the thread that made it, handed over without a copy. */
export type MapBytes = Uint8Array<ArrayBuffer>;

/** A trained detector on disk and where to run it. */
export type DetectorFile = { readonly file: string; readonly provider: Provider };

export type TrainNews =
  | Exclude<TrainEvent, { type: "probe" }>
  | {
      readonly type: "probe";
      readonly step: number;
      readonly images: readonly { id: string; score: number; map: MapBytes }[];
    };

export type EvaluateNews = ScoreNews & { readonly done: number; readonly total: number };

/** One image's outcome; a picture that cannot be read does not stop the others. */
export type ScoreNews =
  | { readonly id: string; readonly score: number; readonly map: MapBytes }
  | { readonly id: string; readonly error: string };

/** What a compute thread can do: what it is given, what it tells on the way, what comes of it. */
export type ComputeTasks = {
  train: {
    input: {
      readonly options: Omit<TrainOptions, "signal">;
      /** File that gets a line for every step before the checkpoint that covers it is written. */
      readonly journalFile: string;
    };
    news: TrainNews;
    result: TrainResult;
  };
  evaluate: {
    input: { readonly detector: DetectorFile; readonly images: readonly LabelledImage[] };
    news: EvaluateNews;
    result: { readonly info: DetectorInfo; readonly metrics: EvaluationResult };
  };
  score: {
    input: { readonly detector: DetectorFile; readonly images: readonly InputImage[] };
    news: ScoreNews;
    result: null;
  };
};
export type ComputeKind = keyof ComputeTasks;

/** From the job loop to the thread. One task at a time. */
export type ToThread =
  | { [K in ComputeKind]: { type: "start"; kind: K; input: ComputeTasks[K]["input"] } }[ComputeKind]
  | { type: "abort" }
  /** One piece of news has been dealt with. */
  | { type: "handled" }
  /** Free what is held open and end, once no task is under way. */
  | { type: "close" };

/** From the thread to the job loop. */
export type FromThread =
  | { type: "news"; news: ComputeTasks[ComputeKind]["news"] }
  | { type: "done"; result: ComputeTasks[ComputeKind]["result"] }
  | { type: "failed"; name: string; message: string; stack: string };
