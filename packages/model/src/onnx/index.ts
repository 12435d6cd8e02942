/** @file Front door of `onnx`: graphs written as ONNX models. */
export { OUTPUT_COPY_GUARD, OUTPUT_COPY_GUARD_MESSAGE } from "./output-copy-guard.ts";
export type { Target } from "./emitter.ts";
export { exportModel, type ExportRequest } from "./export-model.ts";
