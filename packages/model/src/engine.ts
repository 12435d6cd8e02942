/**
 * @file Front door of the engine for benchmarks: graphs, gradients, optimisers and sessions, and
 * what builds the graphs that are worth timing. Start reading at `graph/index.ts`.
 */
export * from "./autodiff/index.ts";
export { METHOD_NAMES, METHODS, RUN_DEFAULTS } from "./catalog/methods.ts";
export { PROVIDERS } from "./catalog/providers.ts";
export { locateEncoder } from "./encoders/find-encoder.ts";
export { writeSafetensors } from "./encoders/safetensors/write-safetensors.ts";
export * from "./graph/index.ts";
export { findMethod } from "./methods/find-method.ts";
export type { GradientMethod, MethodContext } from "./methods/method.ts";
export { auroc } from "./metrics/auroc.ts";
export { PixelAuroc } from "./metrics/pixel-auroc.ts";
export * from "./nn/index.ts";
export * from "./onnx/index.ts";
export * from "./optim/index.ts";
export * from "./session/index.ts";
export * from "./tensor/index.ts";
export { graphRunner } from "./train/graph-runner.ts";
export { programOf } from "./train/program-of.ts";
export { withInitialValues } from "./train/with-initial-values.ts";
