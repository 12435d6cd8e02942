import { ARRAY_OF, type DType, type TensorData } from "./dtype.ts";
import { formatShape, type Shape, ShapeError, sizeOf } from "./shape.ts";

/** A dense row-major array. Plain data: it can be posted to another thread. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TensorData;
}

/** A tensor over `data`, which is kept, not copied. */
export function tensor(dtype: DType, shape: Shape, data: TensorData): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw new ShapeError(
      `A ${formatShape(shape)} tensor holds ${sizeOf(shape)} elements, got ${data.length}.`,
    );
  }
  if (!(data instanceof ARRAY_OF[dtype])) {
    throw new TypeError(
      `A ${dtype} tensor is stored in ${ARRAY_OF[dtype].name}, got ${data.constructor.name}.`,
    );
  }
  return { dtype, shape: [...shape], data };
}

export function float32(shape: Shape, values: ArrayLike<number>): Tensor {
  const data = values instanceof Float32Array ? values : Float32Array.from(values);
  return tensor("float32", shape, data);
}

export function int64(shape: Shape, values: ArrayLike<number>): Tensor {
  return tensor(
    "int64",
    shape,
    BigInt64Array.from(Array.from(values), (value) => BigInt(value)),
  );
}

export function zeros(shape: Shape, dtype: DType = "float32"): Tensor {
  return tensor(dtype, shape, new ARRAY_OF[dtype](sizeOf(shape)));
}

/** Every element the same number. */
export function filled(shape: Shape, value: number, dtype: DType = "float32"): Tensor {
  const result = zeros(shape, dtype);
  if (result.data instanceof BigInt64Array) result.data.fill(BigInt(value));
  else if (dtype === "float16") throw new TypeError("Fill a float32 tensor and convert it.");
  else result.data.fill(value);
  return result;
}

/** The elements as numbers; throws for float16, whose bits are not numbers. */
export function toNumbers(value: Tensor): number[] {
  if (value.dtype === "float16") throw new TypeError("Convert float16 with fromFloat16 first.");
  return Array.from(value.data as ArrayLike<number | bigint>, Number);
}

/** The raw little-endian bytes, without a copy. */
export function bytesOf(value: Tensor): Uint8Array {
  return new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength);
}
