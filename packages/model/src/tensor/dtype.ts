/** Element types that the engine knows, and the typed array that holds each. */
export const ARRAY_OF = {
  float32: Float32Array,
  float64: Float64Array,
  /** IEEE half precision as raw bits: Node 20 has no Float16Array. */
  float16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  /** One byte an element, 0 or 1. */
  bool: Uint8Array,
} as const;

export type DType = keyof typeof ARRAY_OF;

export type TensorData =
  Float32Array | Float64Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;

export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16";
}
