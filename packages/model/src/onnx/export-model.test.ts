import { fromBinary } from "@bufbuild/protobuf";
import { type GraphProto, ModelProtoSchema } from "onnx-buf";
import { describe, expect, test } from "vitest";

import { gradients } from "../autodiff/index.ts";
import {
  add,
  cast,
  constantOf,
  input,
  layerNorm,
  mul,
  named,
  parameter,
  reduceSum,
  sigmoid,
  square,
  type Value,
} from "../graph/index.ts";
import { float32 } from "../tensor/index.ts";
import { exportModel, type ExportRequest } from "./index.ts";

function graphOf(request: ExportRequest): GraphProto {
  const { graph } = fromBinary(ModelProtoSchema, exportModel(request));
  if (graph === undefined) throw new Error("The model has no graph.");
  return graph;
}

const kinds = (graph: GraphProto): string[] => graph.node.map((node) => node.opType);
const x = input("x", [2]);

test("the same graph gives the same bytes", () => {
  const build = (): Uint8Array => {
    const w = parameter("w", float32([2], [1, 2]));
    return exportModel({ outputs: { y: add(mul(input("x", [2]), w), 1) } });
  };

  expect(build()).toEqual(build());
});

test("equal nodes and equal constants are written once", () => {
  const twice = add(sigmoid(add(x, 1)), sigmoid(add(x, 1)));
  const graph = graphOf({ outputs: { y: twice } });

  expect(kinds(graph)).toEqual(["Add", "Sigmoid", "Add"]);
  expect(graph.initializer).toHaveLength(1);
});

test("a sum of squares is one node, and the squares stay only if they are wanted", () => {
  const squares = square(x);
  const sum = reduceSum(squares);

  expect(kinds(graphOf({ outputs: { sum } }))).toEqual(["ReduceSumSquare"]);
  expect(kinds(graphOf({ outputs: { sum, squares } })).sort()).toEqual(["Mul", "ReduceSumSquare"]);
});

test("a layer norm is one node, unless something reads it half-way as its gradient does", () => {
  const [scale, bias] = [
    parameter("s", float32([2], [1, 2])),
    parameter("b", float32([2], [3, 4])),
  ];
  const norm = layerNorm(x, { scale, bias }, 1e-6);
  const [node, ...others] = graphOf({ outputs: { norm } }).node;

  expect(others).toEqual([]);
  expect(node).toMatchObject({ opType: "LayerNormalization", input: ["x", "s", "b"] });
  const readHalfWay = { norm, scaled: norm.inputs[0]! };
  expect(kinds(graphOf({ outputs: readHalfWay }))).toEqual(["LayerNormalization", "Mul", "Add"]);
  const toScale = { norm, toScale: gradients(reduceSum(square(norm)), [scale])[0]! };
  expect(kinds(graphOf({ outputs: toScale }))).toContain("Add");
});

test("a scalar gets as many axes as an array whose last axis has extent 1, and no other does", () => {
  const factor = input("factor", []);
  const kernel = input("kernel", [4, 3, 1, 1]);
  const graph = graphOf({ outputs: { y: mul(kernel, factor), z: add(kernel, kernel) } });

  expect(kinds(graph)).toEqual(["Reshape", "Mul", "Add"]);
  expect(graph.node[1]?.input).toEqual(["kernel", graph.node[0]?.output[0]]);
  expect(kinds(graphOf({ outputs: { y: mul(x, factor) } }))).toEqual(["Mul"]);
});

test("an output is the node that makes it; a leaf or a second name is copied", () => {
  const y = sigmoid(x);
  const graph = graphOf({ outputs: { y, again: y, same: x } });

  expect(kinds(graph)).toEqual(["Sigmoid", "Identity", "Identity"]);
  expect(graph.output.map(({ name }) => name)).toEqual(["y", "again", "same"]);
});

test("nodes carry the names of the model", () => {
  const graph = graphOf({ outputs: { y: named("gate", sigmoid(x)) } });

  expect(graph.node[0]?.name).toBe("gate/Sigmoid_0");
});

test("parameters are stored, or fed when the caller says so", () => {
  const outputs = { y: mul(x, parameter("w", float32([2], [1, 2]))) };
  const names = (graph: GraphProto) => ({
    inputs: graph.input.map(({ name }) => name),
    stored: graph.initializer.map(({ name }) => name),
  });

  expect(names(graphOf({ outputs }))).toEqual({ inputs: ["x"], stored: ["w"] });
  expect(names(graphOf({ outputs, fed: new Set(["w"]) }))).toEqual({
    inputs: ["x", "w"],
    stored: [],
  });
});

test("an output may not have the name of an input", () => {
  expect(() => exportModel({ outputs: { x: sigmoid(x) } })).toThrow(
    'Output "x" has the name of an input or parameter. Rename it.',
  );
});

describe("half-precision inputs for a GPU", () => {
  const half = input("half", [2], "float16");
  const typeOf = (outputs: Record<string, Value>) => {
    const { input: inputs } = graphOf({ outputs, target: "webgpu" });
    const { value } = inputs[0]?.type ?? {};
    return value?.case === "tensorType" ? value.value.elemType : undefined;
  };

  test("are declared in single precision when they are only ever cast to it", () => {
    const outputs = { y: add(cast(half, "float32"), constantOf([1, 2])) };

    expect(typeOf(outputs)).toBe(1);
    expect(kinds(graphOf({ outputs, target: "webgpu" }))).toEqual(["Add"]);
    expect(kinds(graphOf({ outputs }))).toEqual(["Cast", "Add"]);
  });

  test("stay as they are when something else reads them", () => {
    expect(typeOf({ y: cast(half, "float32"), z: add(half, half) })).toBe(10);
  });
});
