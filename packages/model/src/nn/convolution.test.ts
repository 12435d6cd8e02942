import { expect, test } from "vitest";

import { gradients } from "../autodiff/index.ts";
import { conv2d, input, mul, reduceSum, transpose, type Value } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { openSession } from "../session/index.ts";
import { sample, type Shape, type Tensor, toNumbers } from "../tensor/index.ts";
import { convolution } from "./index.ts";

const normal = (shape: Shape, seed: number): Tensor => sample({ kind: "normal" }, shape, seed);

/** The same convolution as one operation on [n, c, h, w], which is held to PyTorch's. */
function asOneOperation(x: Value, kernel: Value, stride: 1 | 2): Value {
  const border = ((kernel.shape[0] ?? 1) - 1) / 2;
  const image = transpose(x, [0, 3, 1, 2]);
  const y = conv2d(image, transpose(kernel, [3, 2, 0, 1]), {
    strides: [stride, stride],
    pads: [border, border, border, border],
  });
  return transpose(y, [0, 2, 3, 1]);
}

type Inputs = { readonly x: Value; readonly kernel: Value; readonly towards: Value };

/** A result and the gradients of its sum, weighted by `towards`. */
function outputsOf(name: string, y: Value, { x, kernel, towards }: Inputs): Record<string, Value> {
  const [dx, dKernel] = gradients(reduceSum(mul(y, towards)), [x, kernel]);
  return { [`${name}/y`]: y, [`${name}/x`]: dx!, [`${name}/kernel`]: dKernel! };
}

test.each([
  { grid: [6, 8], side: 3, stride: 1 },
  { grid: [5, 7], side: 3, stride: 1 },
  { grid: [1, 2], side: 3, stride: 1 },
  { grid: [5, 6], side: 3, stride: 2 },
  { grid: [5, 6], side: 1, stride: 1 },
  { grid: [5, 6], side: 1, stride: 2 },
] as const)("$side × $side at stride $stride on $grid, with its gradients", async (shape) => {
  const { grid, side, stride } = shape;
  const x = input("x", [2, ...grid, 5]);
  const kernel = input("kernel", [side, side, 5, 4]);
  const ours = convolution(x, kernel, stride);
  const inputs = { x, kernel, towards: input("towards", ours.shape) };
  const outputs = {
    ...outputsOf("ours", ours, inputs),
    ...outputsOf("other", asOneOperation(x, kernel, stride), inputs),
  };
  const session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
  const feeds = {
    x: normal(x.shape, 1),
    kernel: normal(kernel.shape, 2),
    towards: normal(ours.shape, 3),
  };
  const results = await session.run(feeds).finally(() => session.close());

  for (const part of ["y", "x", "kernel"]) {
    const [mine, expected] = [results[`ours/${part}`]!, results[`other/${part}`]!];
    expect(mine.shape).toEqual(expected.shape);
    const values = toNumbers(expected);
    for (const [index, value] of toNumbers(mine).entries()) {
      expect(Math.abs(value - values[index]!), `${part} at ${index}`).toBeLessThan(2e-5);
    }
  }
});
