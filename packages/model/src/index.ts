/**
 * @file Front door of the numeric library: train, open, score, evaluate.
 *
 * Every loop is an async generator that takes an `AbortSignal` and knows no rows, queues or
 * sockets. ONNX Runtime runs in threads of its own, so the caller's event loop stays free.
 */
export * from "./catalog/index.ts";
export { decodeAnomalyMap, encodeAnomalyMap, type AnomalyMap } from "./data/anomaly-map.ts";
export type { InputImage, LabelledImage } from "./data/input-image.ts";
export { scanDataset, type CategoryImages } from "./data/scan-dataset.ts";
export { evaluate } from "./detector/evaluate.ts";
export { openDetector } from "./detector/open-detector.ts";
export { renderOverlay } from "./detector/render-overlay.ts";
export { train } from "./detector/train.ts";
export { findEncoder, listEncoders } from "./encoders/find-encoder.ts";
export { pullEncoder, type PullProgress } from "./encoders/hub/pull-encoder.ts";
export { probeProviders, type ProviderProbe } from "./session/index.ts";
export type {
  CategoryMetrics,
  Detector,
  DetectorInfo,
  EvaluateOptions,
  EvaluationEvent,
  EvaluationResult,
  Prediction,
} from "./detector/detector-types.ts";
export type {
  ProbeView,
  ScoreScale,
  TrainEvent,
  TrainOptions,
  TrainResult,
  TrainStage,
} from "./train/train-events.ts";
