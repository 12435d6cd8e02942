/** @file Front door of `onnx`: graphs written as ONNX models. */
export type { Target } from "./emitter.ts";
export { exportModel, type ExportRequest } from "./export-model.ts";
