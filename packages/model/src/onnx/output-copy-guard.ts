/**
 * @file An output that keeps onnxruntime-node from copying the others.
 *
 * After a run onnxruntime-node 1.30 copies every output into a new array, even where it was given one
 * that already holds the result: 75 MB for a training step of six million parameters, a tenth of its
 * time. It goes through the outputs in the order of the model and gives up at the first that is no
 * tensor, since it has no form for that in JavaScript. So a model whose first output is an empty
 * sequence fills the arrays that it was given, and nothing is copied.
 */
import { create } from "@bufbuild/protobuf";
import {
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TypeProto_SequenceSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";

/** The output's name. */
export const OUTPUT_COPY_GUARD = "outputCopyGuard";

/** What onnxruntime-node says when it meets the guard, after the run. */
export const OUTPUT_COPY_GUARD_MESSAGE = "Non tensor type is temporarily not supported.";

/** The node that yields the guard. */
export function outputCopyGuardNode(): NodeProto {
  return create(NodeProtoSchema, {
    opType: "SequenceEmpty",
    name: OUTPUT_COPY_GUARD,
    output: [OUTPUT_COPY_GUARD],
  });
}

/** The guard as an output of the graph. */
export function outputCopyGuardInfo(): ValueInfoProto {
  const tensorType = create(TypeProto_TensorSchema, { elemType: TensorProto_DataType.FLOAT });
  const elemType = create(TypeProtoSchema, { value: { case: "tensorType", value: tensorType } });
  const sequenceType = create(TypeProto_SequenceSchema, { elemType });
  const type = create(TypeProtoSchema, { value: { case: "sequenceType", value: sequenceType } });
  return create(ValueInfoProtoSchema, { name: OUTPUT_COPY_GUARD, type });
}
