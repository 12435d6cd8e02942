/** @file Front door of `tensor`: element types, shapes, dense arrays and seeded random numbers. */
export { fromFloat16, toFloat16 } from "./float16.ts";
export { ARRAY_OF, type DType, isFloat, type TensorData } from "./dtype.ts";
export { createRandom, type Distribution, mixSeed, type Random, sample } from "./random.ts";
export {
  broadcastShapes,
  formatShape,
  normaliseAxes,
  normaliseAxis,
  sameShape,
  type Shape,
  ShapeError,
  sizeOf,
  stridesOf,
} from "./shape.ts";
export {
  bytesOf,
  filled,
  float32,
  int64,
  type Tensor,
  tensor,
  toNumbers,
  zeros,
} from "./tensor.ts";
