import { create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
} from "onnx-buf";

import type { Value } from "../graph/index.ts";
import { bytesOf, int64, type Tensor } from "../tensor/index.ts";
import { toTensorProto } from "./tensor-proto.ts";

/** Where the exported graph will run; it decides between equivalent ONNX nodes. */
export type Target = "cpu" | "webgpu" | "cuda";

/** ONNX attributes of a node. Integers are `int`, other numbers need `{ float }`. */
export type NodeAttributes = Readonly<
  Record<string, number | string | readonly number[] | { readonly float: number }>
>;

export type NodeRequest = {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly attributes?: NodeAttributes;
  /** Empty for ai.onnx. */
  readonly domain?: "com.microsoft" | "";
  readonly outputs?: number;
};

/**
 * Collects the nodes and initialisers of one ONNX graph. Asked twice for the same node
 * or the same array it gives the first one's name, so nothing is computed or stored twice.
 */
export class Emitter {
  readonly nodes: NodeProto[] = [];
  readonly initialisers: TensorProto[] = [];
  readonly #nodeOutputs = new Map<string, readonly string[]>();
  readonly #operands = new Map<string, readonly string[]>();
  readonly #constants = new Map<string, string>();
  readonly target: Target;
  /** The label of the value that is being lowered; it becomes part of the node's name. */
  label: string | null = null;

  readonly #readers: ReadonlyMap<Value, number>;

  /** @param readers how many other values read a value */
  constructor(target: Target, readers: ReadonlyMap<Value, number>) {
    this.target = target;
    this.#readers = readers;
  }

  /** Whether one other value alone reads this one, so that a node for both may stand for them. */
  isPassing(value: Value): boolean {
    return this.#readers.get(value) === 1;
  }

  /** Name of the first output of a node. */
  node(request: NodeRequest): string {
    return this.nodeOutputs(request)[0] ?? "";
  }

  nodeOutputs(request: NodeRequest): readonly string[] {
    const { type, inputs, attributes = {}, domain = "", outputs = 1 } = request;
    const key = JSON.stringify([domain, type, inputs, attributes]);
    const known = this.#nodeOutputs.get(key);
    if (known !== undefined) return known;
    const index = this.nodes.length;
    const stem = `${type}_${index}`;
    const names = Array.from({ length: outputs }, (_, output) =>
      output === 0 ? stem : `${stem}.${output}`,
    );
    this.nodes.push(
      create(NodeProtoSchema, {
        opType: type,
        domain,
        name: this.label === null ? stem : `${this.label}/${stem}`,
        input: [...inputs],
        output: [...names],
        attribute: Object.entries(attributes).map(([name, value]) => toAttribute(name, value)),
      }),
    );
    this.#nodeOutputs.set(key, names);
    this.#operands.set(stem, inputs);
    return names;
  }

  /** Names of the operands of the node whose first output is `output`; none for a leaf. */
  operandsOf(output: string): readonly string[] {
    return this.#operands.get(output) ?? [];
  }

  /** Name of an initialiser that holds this array. */
  constant(tensor: Tensor): string {
    const bytes = bytesOf(tensor);
    // Large arrays are told apart by identity: hashing them costs more than a rare duplicate.
    const small = bytes.byteLength <= 4096;
    const key = small
      ? `${tensor.dtype}[${tensor.shape.join()}]${Buffer.from(bytes).toString("base64")}`
      : null;
    const known = key === null ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `constant_${this.initialisers.length}`;
    this.initialisers.push(toTensorProto(name, tensor));
    if (key !== null) this.#constants.set(key, name);
    return name;
  }

  /** Name of an int64 vector, as ONNX wants axes and shapes. */
  integers(values: readonly number[]): string {
    return this.constant(int64([values.length], values));
  }

  /** An initialiser under a name of the caller's. */
  initialiser(name: string, tensor: Tensor): string {
    this.initialisers.push(toTensorProto(name, tensor));
    return name;
  }
}

function toAttribute(name: string, value: NodeAttributes[string]): AttributeProto {
  if (typeof value === "number") {
    const type = AttributeProto_AttributeType.INT;
    return create(AttributeProtoSchema, { name, type, i: BigInt(value) });
  }
  if (typeof value === "string") {
    const type = AttributeProto_AttributeType.STRING;
    return create(AttributeProtoSchema, { name, type, s: new TextEncoder().encode(value) });
  }
  if ("float" in value) {
    const type = AttributeProto_AttributeType.FLOAT;
    return create(AttributeProtoSchema, { name, type, f: value.float });
  }
  const type = AttributeProto_AttributeType.INTS;
  return create(AttributeProtoSchema, { name, type, ints: value.map((item) => BigInt(item)) });
}
