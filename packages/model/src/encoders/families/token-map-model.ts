import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from "onnx-buf";

/**
 * A map of a convolutional network that becomes tokens: `side` positions a row, of which position
 * i is centred on pixel `origin + i · stride` of the input.
 */
export type TokenLayer = {
  readonly name: string;
  readonly channels: number;
  readonly side: number;
  readonly origin: number;
  readonly stride: number;
};

/** Windows that average `side` positions down to `gridSize`, covering them from edge to edge. */
export function poolingWindow(
  layer: TokenLayer,
  gridSize: number,
): { kernel: number; step: number } {
  const step = Math.floor(layer.side / gridSize);
  if (step < 1) {
    throw new Error(`Expected ${layer.name} of at least ${gridSize} positions, got ${layer.side}.`);
  }
  // 35 → 17 is 3 by 3 with step 2.
  return { kernel: layer.side - (gridSize - 1) * step, step };
}

type Layout = {
  readonly batch: number;
  readonly inputSize: number;
  readonly gridSize: number;
  readonly layers: readonly TokenLayer[];
  /** Element type of the outputs. */
  readonly type: "float16" | "float32";
};

const ELEMENT_TYPE = {
  float16: TensorProto_DataType.FLOAT16,
  float32: TensorProto_DataType.FLOAT,
} as const;

function parseModel(bytes: Uint8Array, origin: string): ModelProto & { graph: GraphProto } {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new Error(`Expected an ONNX model at ${origin}, but its bytes do not parse.`, {
      cause: error,
    });
  }
  if (model.graph === undefined) throw new Error(`Expected a graph in ${origin}, got none.`);
  return { ...model, graph: model.graph };
}

/** Names of the outputs of an ONNX model. @throws when the bytes are no model */
export function outputNames(bytes: Uint8Array, origin: string): string[] {
  return parseModel(bytes, origin).graph.output.map((output) => output.name);
}

function valueInfo(
  name: string,
  elemType: TensorProto_DataType,
  shape: readonly number[],
): ValueInfoProto {
  const dim = shape.map((side) => ({
    value: { case: "dimValue" as const, value: BigInt(side) },
  }));
  const type = create(TypeProtoSchema, {
    value: {
      case: "tensorType",
      value: { elemType, shape: { dim } },
    },
  });
  return create(ValueInfoProtoSchema, { name, type });
}

function node(
  opType: string,
  wires: { inputs: string[]; output: string },
  attributes: Record<string, number | number[]>,
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    name: wires.output,
    input: wires.inputs,
    output: [wires.output],
    attribute: Object.entries(attributes).map(([name, value]) =>
      create(
        AttributeProtoSchema,
        typeof value === "number"
          ? { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) }
          : { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) },
      ),
    ),
  });
}

function shapeConstant(name: string, values: readonly number[]) {
  return create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.INT64,
    dims: [BigInt(values.length)],
    int64Data: values.map(BigInt),
  });
}

/** Nodes that average a map down to the grid and lay it out as [batch, tokens, channels]. */
function appendLayer(graph: GraphProto, layer: TokenLayer, layout: Layout & { index: number }) {
  const { batch, gridSize, index } = layout;
  const { kernel, step } = poolingWindow(layer, gridSize);
  const out = `layer${index}`;
  // The network may call one of its own maps "layer1", so none of our names may meet its names.
  const own = (part: string): string => `loupe/${out}/${part}`;

  let map = layer.name;
  if (kernel > 1) {
    const window = { kernel_shape: [kernel, kernel], strides: [step, step] };
    graph.node.push(node("AveragePool", { inputs: [map], output: own("pooled") }, window));
    map = own("pooled");
  }
  graph.initializer.push(shapeConstant(own("shape"), [batch, layer.channels, gridSize ** 2]));
  graph.node.push(
    node("Reshape", { inputs: [map, own("shape")], output: own("flat") }, {}),
    node("Transpose", { inputs: [own("flat")], output: own("tokens") }, { perm: [0, 2, 1] }),
    node(
      "Cast",
      { inputs: [own("tokens")], output: own("typed") },
      { to: ELEMENT_TYPE[layout.type] },
    ),
  );
  return own("typed");
}

/**
 * A convolutional network with its maps pooled to one grid and laid out as tokens.
 *
 * Input `pixels` [batch, 3, inputSize, inputSize]; outputs `tokens0`… [batch, gridSize², channels].
 * Layers that no output needs drop out when the session is built.
 */
export function tokenMapModel(bytes: Uint8Array, layout: Layout): Uint8Array {
  const { batch, inputSize, gridSize, layers } = layout;
  const model = parseModel(bytes, "the encoder's folder");
  const { graph } = model;
  const [input] = graph.input;
  if (input === undefined) throw new Error("Expected an encoder with an input, got none.");

  const tokens = layers.map((layer, index) => appendLayer(graph, layer, { ...layout, index }));
  const renamed = new Map(tokens.map((name, index) => [name, `tokens${index}`]));
  renamed.set(input.name, "pixels");
  for (const each of graph.node) {
    each.input = each.input.map((name) => renamed.get(name) ?? name);
    each.output = each.output.map((name) => renamed.get(name) ?? name);
  }
  graph.input = [valueInfo("pixels", TensorProto_DataType.FLOAT, [batch, 3, inputSize, inputSize])];
  graph.output = layers.map((layer, index) =>
    valueInfo(`tokens${index}`, ELEMENT_TYPE[layout.type], [batch, gridSize ** 2, layer.channels]),
  );
  graph.valueInfo = [];
  return toBinary(ModelProtoSchema, model);
}
