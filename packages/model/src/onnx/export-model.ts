import { create, toBinary } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";

import { isKind, leavesOf, topologicalOrder, type Value } from "../graph/index.ts";
import { formatShape, sameShape, type Tensor } from "../tensor/index.ts";
import { outputCopyGuardInfo, outputCopyGuardNode } from "./output-copy-guard.ts";
import { Emitter, type Target } from "./emitter.ts";
import { nameOutputs } from "./name-outputs.ts";
import { type LoweredKind, loweringRules } from "./lowering-rules.ts";
import { ONNX_TYPE } from "./tensor-proto.ts";

/** Gelu came with opset 20; ONNX Runtime 1.30 has CPU and WebGPU kernels for all of 21. */
const OPSET = 21n;
const IR_VERSION = 10n;

export type ExportRequest = {
  readonly outputs: Readonly<Record<string, Value>>;
  /** Trained values by parameter name; a parameter that is not listed keeps its initial value. */
  readonly parameters?: Readonly<Record<string, Tensor>>;
  /** Parameters that are fed at every run instead of being stored in the model. */
  readonly fed?: ReadonlySet<string>;
  readonly target?: Target;
  /** Put the guard of `output-copy-guard.ts` before the outputs: for a session that gives an array for each. */
  readonly guardsOutputCopies?: boolean;
  /** Free text stored in the model, such as its configuration. */
  readonly metadata?: Readonly<Record<string, string>>;
};

/**
 * The bytes of an ONNX model that computes `outputs`: only what they need, with equal
 * nodes merged. Inputs and random leaves are fed by name. The same graph gives the same bytes.
 */
export function exportModel(request: ExportRequest): Uint8Array {
  const { outputs, fed = new Set<string>(), target = "cpu", guardsOutputCopies = false } = request;
  const roots = Object.values(outputs);
  leavesOf(roots);
  const names = new Map<Value, string>();
  const inputs: ValueInfoProto[] = [];
  const order = topologicalOrder(roots);
  const emit = new Emitter(target, countReaders(order, roots));
  const widened = target === "webgpu" ? widenedInputs(order) : new Set<Value>();
  for (const value of order) {
    emit.label = value.label;
    if (isKind(value, "constant")) {
      names.set(value, emit.constant(value.attrs.tensor));
    } else if (isKind(value, "parameter") && !fed.has(value.attrs.name)) {
      const stored = parameterTensor(value, request.parameters);
      names.set(value, emit.initialiser(value.attrs.name, stored));
    } else if (isKind(value, "parameter") || isKind(value, "input") || isKind(value, "random")) {
      names.set(value, value.attrs.name);
      inputs.push(valueInfo(value.attrs.name, widened.has(value) ? asFloat32(value) : value));
    } else if (value.inputs.some((operand) => widened.has(operand))) {
      // Its only users are casts to the type that it already has.
      names.set(value, names.get(value.inputs[0] ?? value) ?? "");
    } else {
      const operands = value.inputs.map((operand) => names.get(operand) ?? "");
      names.set(value, lower(emit, operands, value as Value<LoweredKind>));
    }
  }
  checkNames(inputs, emit, Object.keys(outputs));
  const results = Object.entries(outputs).map(([name, value]) => ({
    name,
    from: names.get(value) ?? "",
  }));
  const nodes = nameOutputs(emit.nodes, results);
  const infos = Object.entries(outputs).map(([name, value]) => valueInfo(name, value));
  const graph = create(GraphProtoSchema, {
    name: "loupe",
    node: guardsOutputCopies ? [outputCopyGuardNode(), ...nodes] : nodes,
    initializer: emit.initialisers,
    input: inputs,
    output: guardsOutputCopies ? [outputCopyGuardInfo(), ...infos] : infos,
  });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      producerName: "loupe",
      graph,
      opsetImport: [
        create(OperatorSetIdProtoSchema, { domain: "", version: OPSET }),
        create(OperatorSetIdProtoSchema, { domain: "com.microsoft", version: 1n }),
      ],
      metadataProps: Object.entries(request.metadata ?? {}).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      ),
    }),
  );
}

/** How many values read each value; being an output counts as one more. */
function countReaders(order: readonly Value[], outputs: readonly Value[]): Map<Value, number> {
  const readers = new Map<Value, number>();
  for (const value of [...order.flatMap(({ inputs }) => inputs), ...outputs]) {
    readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  return readers;
}

/**
 * Half-precision inputs that are only ever cast to float32. Many GPUs have no half
 * precision, so there the session widens them before the run and the casts disappear.
 */
function widenedInputs(order: readonly Value[]): Set<Value> {
  const halves = order.filter((value) => isKind(value, "input") && value.dtype === "float16");
  const widened = new Set<Value>(halves);
  for (const value of order) {
    const isWidening = isKind(value, "cast") && value.dtype === "float32";
    if (isWidening) continue;
    for (const operand of value.inputs) widened.delete(operand);
  }
  return widened;
}

function asFloat32(value: Value): Value {
  return { ...value, dtype: "float32" };
}

function lower<K extends LoweredKind>(
  emit: Emitter,
  operands: readonly string[],
  value: Value<K>,
): string {
  return loweringRules[value.kind](emit, operands, value);
}

function parameterTensor(value: Value<"parameter">, trained: ExportRequest["parameters"]): Tensor {
  const { name, initial } = value.attrs;
  const tensor = trained?.[name] ?? initial;
  if (!sameShape(tensor.shape, initial.shape) || tensor.dtype !== initial.dtype) {
    throw new Error(
      `Parameter "${name}" is ${initial.dtype}${formatShape(initial.shape)}, ` +
        `got ${tensor.dtype}${formatShape(tensor.shape)}. Was the model built with other settings?`,
    );
  }
  return tensor;
}

/** @throws Error when an output has the name of an input or of a stored parameter */
function checkNames(inputs: readonly ValueInfoProto[], emit: Emitter, outputs: string[]): void {
  const taken = new Set([...inputs, ...emit.initialisers].map((leaf) => leaf.name));
  const twice = outputs.find((name) => taken.has(name));
  if (twice !== undefined) {
    throw new Error(`Output "${twice}" has the name of an input or parameter. Rename it.`);
  }
}

function valueInfo(name: string, value: Value): ValueInfoProto {
  const dim = value.shape.map((extent) =>
    create(TensorShapeProto_DimensionSchema, {
      value: { case: "dimValue", value: BigInt(extent) },
    }),
  );
  const tensorType = create(TypeProto_TensorSchema, {
    elemType: ONNX_TYPE[value.dtype],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  const type = create(TypeProtoSchema, { value: { case: "tensorType", value: tensorType } });
  return create(ValueInfoProtoSchema, { name, type });
}
