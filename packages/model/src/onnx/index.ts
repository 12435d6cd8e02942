/** @file Front door of `onnx`: graphs written as ONNX models. */
export { BARRIER, BARRIER_MESSAGE } from "./barrier.ts";
export type { Target } from "./emitter.ts";
export { exportModel, type ExportRequest } from "./export-model.ts";
