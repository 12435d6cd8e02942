import { filled, sameShape, sizeOf } from "../tensor/index.ts";
import { isKind, type OpAttributes, type OpKind, type Value } from "../graph/index.ts";
import type { Emitter, NodeAttributes } from "./emitter.ts";
import { ONNX_TYPE } from "./tensor-proto.ts";

/** Leaves become inputs and initialisers, not nodes. */
export type LoweredKind = Exclude<OpKind, "input" | "parameter" | "random" | "constant">;

/** Emit the ONNX nodes of one value and return the name of its array. */
export type LoweringRule<K extends LoweredKind> = (
  emit: Emitter,
  operands: readonly string[],
  value: Value<K>,
) => string;

/** An operation that is one ONNX node without attributes. */
const plain =
  (type: string, domain: "" | "com.microsoft" = "") =>
  (emit: Emitter, inputs: readonly string[]): string =>
    emit.node({ type, inputs, domain });

/**
 * An element-wise operation of two arrays. ONNX Runtime's CPU kernels start from the last axis of
 * the array with fewer axes: a scalar beside [out, in, 1, 1] makes them take one element at a time,
 * which is twenty times as slow as beside a scalar of shape [1, 1, 1, 1].
 */
const broadcast =
  (type: string) =>
  (emit: Emitter, operands: readonly string[], value: Value): string => {
    const rank = value.shape.length;
    const isSlow = value.shape.at(-1) === 1 && sizeOf(value.shape) > 1;
    const inputs = operands.map((name, index) => {
      const shape = value.inputs[index]?.shape ?? [];
      if (!isSlow || shape.length === rank) return name;
      const padded = [...Array.from({ length: rank - shape.length }, () => 1), ...shape];
      return emit.node({ type: "Reshape", inputs: [name, emit.integers(padded)] });
    });
    return emit.node({ type, inputs });
  };

const reduction =
  (type: string) =>
  (
    emit: Emitter,
    inputs: readonly string[],
    value: Value<"reduceSum" | "reduceMean" | "reduceMax">,
  ): string =>
    emit.node({
      type,
      inputs: [...inputs, emit.integers(value.attrs.axes)],
      attributes: { keepdims: Number(value.attrs.keepDims) },
    });

function convolution(attrs: OpAttributes["conv2d"]): NodeAttributes {
  return {
    strides: attrs.strides,
    pads: attrs.pads,
    dilations: attrs.dilations,
    group: attrs.groups,
  };
}

function pooling(attrs: OpAttributes["maxPool2d"]): NodeAttributes {
  return { kernel_shape: attrs.kernel, strides: attrs.strides, pads: attrs.pads };
}

/** Mean and deviation come from the same node as the normalised values, so they cost nothing more. */
function layerNormalization(
  emit: Emitter,
  operands: readonly string[],
  value: Value<"normalise" | "inverseStd">,
): readonly string[] {
  const [x] = value.inputs;
  const width = x?.shape.at(-1) ?? 1;
  const dtype = value.dtype;
  const scale = emit.constant(filled([width], 1, dtype));
  const bias = emit.constant(filled([width], 0, dtype));
  return emit.nodeOutputs({
    type: "LayerNormalization",
    inputs: [...operands, scale, bias],
    attributes: { axis: -1, epsilon: { float: value.attrs.epsilon } },
    outputs: 3,
  });
}

/** A layer norm's scale and bias in its own node, unless a gradient reads what lies between. */
function add(emit: Emitter, operands: readonly string[], value: Value<"add">): string {
  const [scaled, bias] = value.inputs;
  const [normal, scale] = scaled?.kind === "mul" ? scaled.inputs : [];
  const isNorm =
    normal !== undefined &&
    isKind(normal, "normalise") &&
    [scale, bias].every((weight) => sameShape(weight?.shape ?? [], value.shape.slice(-1))) &&
    [normal, scaled].every((step) => step !== undefined && emit.isPassing(step));
  if (!isNorm) return broadcast("Add")(emit, operands, value);
  const [scaledName = "", biasName = ""] = operands;
  const [normalName = "", scaleName = ""] = emit.operandsOf(scaledName);
  return emit.node({
    type: "LayerNormalization",
    inputs: [emit.operandsOf(normalName)[0] ?? "", scaleName, biasName],
    attributes: { axis: -1, epsilon: { float: normal.attrs.epsilon } },
  });
}

/**
 * Whether Aᵀ B is quicker over a turned copy of A. ONNX Runtime's product reads the columns of A at four
 * fifths of its speed; the copy costs as much as a product with 230 columns of B loses by that.
 */
function isWorthTurning({ shape }: Value<"matMul">): boolean {
  return (shape[1] ?? 1) >= 256;
}

function matMul(emit: Emitter, inputs: readonly string[], value: Value<"matMul">): string {
  const { transposeA, transposeB } = value.attrs;
  const [a, b] = value.inputs;
  const [nameA = "", nameB = ""] = inputs;
  if (!transposeA && !transposeB) return emit.node({ type: "MatMul", inputs });
  if (a?.shape.length === 2 && b?.shape.length === 2) {
    if (emit.target === "cpu" && transposeA && !transposeB && isWorthTurning(value)) {
      const turned = emit.node({
        type: "Transpose",
        inputs: [nameA],
        attributes: { perm: [1, 0] },
      });
      return emit.node({ type: "MatMul", inputs: [turned, nameB] });
    }
    const attributes = { transA: Number(transposeA), transB: Number(transposeB) };
    return emit.node({ type: "Gemm", inputs, attributes });
  }
  if (emit.target !== "webgpu" && value.dtype === "float32") {
    const attributes = { transA: Number(transposeA), transB: Number(transposeB) };
    return emit.node({ type: "FusedMatMul", inputs, attributes, domain: "com.microsoft" });
  }
  const flip = (name: string, operand: Value | undefined): string => {
    const axes = Array.from({ length: operand?.shape.length ?? 2 }, (_, axis) => axis);
    const perm = [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
    return emit.node({ type: "Transpose", inputs: [name], attributes: { perm } });
  };
  return emit.node({
    type: "MatMul",
    inputs: [transposeA ? flip(nameA, a) : nameA, transposeB ? flip(nameB, b) : nameB],
  });
}

/** On WebGPU, which has no Sign: (x > 0) − (x < 0). */
function sign(emit: Emitter, [x = ""]: readonly string[], value: Value<"sign">): string {
  if (emit.target !== "webgpu") return emit.node({ type: "Sign", inputs: [x] });
  const zero = emit.constant(filled([], 0, value.dtype));
  const [above, below] = ["Greater", "Less"].map((type) => {
    const holds = emit.node({ type, inputs: [x, zero] });
    const attributes = { to: ONNX_TYPE[value.dtype] };
    return emit.node({ type: "Cast", inputs: [holds], attributes });
  });
  return emit.node({ type: "Sub", inputs: [above ?? "", below ?? ""] });
}

/**
 * How every operation is written in ONNX (opset 21). Where the CPU and the GPU have
 * different quick forms, `emit.target` decides.
 */
export const loweringRules: { readonly [K in LoweredKind]: LoweringRule<K> } = {
  neg: plain("Neg"),
  exp: plain("Exp"),
  log: plain("Log"),
  sqrt: plain("Sqrt"),
  tanh: plain("Tanh"),
  sigmoid: plain("Sigmoid"),
  erf: plain("Erf"),
  abs: plain("Abs"),
  sign,
  square: (emit, [x = ""]) => emit.node({ type: "Mul", inputs: [x, x] }),
  reciprocal: plain("Reciprocal"),
  relu: plain("Relu"),
  gelu: plain("Gelu"),
  quickGelu: (emit, inputs) =>
    emit.node({
      type: "QuickGelu",
      inputs,
      attributes: { alpha: { float: 1.702 } },
      domain: "com.microsoft",
    }),
  not: plain("Not"),
  cast: (emit, inputs, { attrs }) =>
    emit.node({ type: "Cast", inputs, attributes: { to: ONNX_TYPE[attrs.to] } }),
  stopGradient: (_, [x = ""]) => x,
  withGradient: (_, [x = ""]) => x,

  add,
  sub: broadcast("Sub"),
  mul: broadcast("Mul"),
  div: broadcast("Div"),
  pow: (emit, inputs) => {
    const [base = "", exponent = ""] = inputs;
    if (emit.target !== "webgpu") return emit.node({ type: "Pow", inputs });
    const logarithm = emit.node({ type: "Log", inputs: [base] });
    return emit.node({
      type: "Exp",
      inputs: [emit.node({ type: "Mul", inputs: [exponent, logarithm] })],
    });
  },
  min: broadcast("Min"),
  max: broadcast("Max"),
  less: plain("Less"),
  lessOrEqual: plain("LessOrEqual"),
  equal: plain("Equal"),
  and: plain("And"),
  or: (emit, inputs) => {
    if (emit.target !== "webgpu") return emit.node({ type: "Or", inputs });
    const neither = inputs.map((input) => emit.node({ type: "Not", inputs: [input] }));
    return emit.node({ type: "Not", inputs: [emit.node({ type: "And", inputs: neither })] });
  },
  where: plain("Where"),

  matMul,
  gemm: (emit, inputs, { attrs }) =>
    emit.node({
      type: "Gemm",
      inputs,
      attributes: { transA: Number(attrs.transposeA), transB: Number(attrs.transposeB) },
    }),
  reduceSum: (emit, inputs, value) => {
    const [x] = value.inputs;
    if (x?.kind !== "square") return reduction("ReduceSum")(emit, inputs, value);
    // The sum of squares in one pass; the squares themselves are dropped if nobody else wants them.
    return reduction("ReduceSumSquare")(emit, [emit.operandsOf(inputs[0] ?? "")[0] ?? ""], value);
  },
  reduceMean: reduction("ReduceMean"),
  reduceMax: reduction("ReduceMax"),
  softmax: (emit, inputs, { attrs }) =>
    emit.node({ type: "Softmax", inputs, attributes: { axis: attrs.axis } }),
  normalise: (emit, operands, value) => layerNormalization(emit, operands, value)[0] ?? "",
  inverseStd: (emit, operands, value) => layerNormalization(emit, operands, value)[2] ?? "",

  reshape: (emit, inputs, { attrs }) =>
    emit.node({ type: "Reshape", inputs: [...inputs, emit.integers(attrs.shape)] }),
  transpose: (emit, inputs, { attrs }) =>
    emit.node({ type: "Transpose", inputs, attributes: { perm: attrs.permutation } }),
  expand: (emit, inputs, { attrs }) =>
    emit.node({ type: "Expand", inputs: [...inputs, emit.integers(attrs.shape)] }),
  slice: (emit, inputs, { attrs }) => {
    const axes = attrs.starts.map((_, axis) => axis);
    const ranges = [attrs.starts, attrs.ends, axes, attrs.steps].map((list) => emit.integers(list));
    return emit.node({ type: "Slice", inputs: [...inputs, ...ranges] });
  },
  pad: (emit, inputs, { attrs, dtype }) =>
    emit.node({
      type: "Pad",
      inputs: [
        ...inputs,
        emit.integers([...attrs.before, ...attrs.after]),
        emit.constant(filled([], attrs.value, dtype)),
      ],
    }),
  concat: (emit, inputs, { attrs }) =>
    emit.node({ type: "Concat", inputs, attributes: { axis: attrs.axis } }),
  gather: (emit, inputs, { attrs }) =>
    emit.node({ type: "Gather", inputs, attributes: { axis: attrs.axis } }),

  conv2d: (emit, inputs, { attrs }) =>
    emit.node({ type: "Conv", inputs, attributes: convolution(attrs) }),
  convTranspose2d: (emit, inputs, { attrs }) =>
    emit.node({
      type: "ConvTranspose",
      inputs,
      attributes: { ...convolution(attrs), output_padding: attrs.outputPads },
    }),
  maxPool2d: (emit, inputs, { attrs }) =>
    emit.node({ type: "MaxPool", inputs, attributes: pooling(attrs) }),
  avgPool2d: (emit, inputs, { attrs }) =>
    emit.node({
      type: "AveragePool",
      inputs,
      attributes: { ...pooling(attrs), count_include_pad: 1 },
    }),
};
