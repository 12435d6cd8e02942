import { create } from "@bufbuild/protobuf";
import { type TensorProto, TensorProto_DataType, TensorProtoSchema } from "onnx-buf";

import { bytesOf, type DType, type Tensor } from "../tensor/index.ts";

/** ONNX's code for each element type. */
export const ONNX_TYPE: Readonly<Record<DType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  float64: TensorProto_DataType.DOUBLE,
  float16: TensorProto_DataType.FLOAT16,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  uint8: TensorProto_DataType.UINT8,
  bool: TensorProto_DataType.BOOL,
};

/** An initialiser whose elements are raw little-endian bytes, the only form that is quick to load. */
export function toTensorProto(name: string, tensor: Tensor): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: tensor.shape.map((extent) => BigInt(extent)),
    dataType: ONNX_TYPE[tensor.dtype],
    rawData: bytesOf(tensor) as Uint8Array<ArrayBuffer>,
  });
}
