import { expect, test } from "vitest";

import {
  add,
  input,
  linear,
  mul,
  type Parameter,
  parameter,
  reduceMean,
  square,
  sub,
  tanh,
} from "../graph/index.ts";
import { openTrainingSession, type TrainingProgram } from "../session/index.ts";
import { float32, type Tensor, toNumbers } from "../tensor/index.ts";
import { adamW, type ParameterGroup, trainingGraph } from "./index.ts";

type Model = { weight: Parameter; bias: Parameter; scale: Parameter; shift: Parameter };

/** tanh(x W + bias) · scale + shift: one matrix, two vectors and a scalar. */
function program(groups: (model: Model) => readonly ParameterGroup[]): TrainingProgram {
  const model = {
    weight: parameter("weight", float32([3, 2], [0.4, -0.2, 0.1, 0.7, -0.5, 0.3])),
    bias: parameter("bias", float32([2], [0.1, -0.1])),
    scale: parameter("scale", float32([2], [1, 2])),
    shift: parameter("shift", float32([], [0.5])),
  };
  const { weight, bias, scale, shift } = model;
  const y = add(mul(tanh(linear(input("x", [2, 3]), weight, bias)), scale), shift);
  return trainingGraph({
    loss: reduceMean(square(sub(y, 1))),
    parameters: groups(model),
    optimiser: adamW({ decay: 0.1 }),
    clipNorm: 0.2,
    average: 0.9,
  });
}

const together = () =>
  program(({ weight, ...vectors }) => [{ parameters: [weight, ...Object.values(vectors)] }]);
const oneByOne = () =>
  program((model) => Object.values(model).map((single) => ({ parameters: [single] })));

async function train(made: TrainingProgram, from?: Record<string, Tensor>) {
  const session = await openTrainingSession(made, { provider: "cpu", threads: 1, seed: 0 });
  try {
    if (from !== undefined) await session.loadState({ step: 5, tensors: from });
    let gradientNorm = 0;
    for (let step = 0; step < 5; step++) {
      const feeds = { x: float32([2, 3], [0.3, -1, 0.8, 1.2, 0.1, -0.6]) };
      ({ gradientNorm } = await session.step({ learningRate: 0.05, feeds }));
    }
    const { tensors } = await session.readState();
    const { scale, shift } = await session.read(["scale", "shift"]);
    return { tensors, gradientNorm, scale, shift };
  } finally {
    await session.close();
  }
}

test("the vectors of a group are one array of the graph, its matrices each their own", () => {
  const { state } = together();

  expect(state.map(({ input: name }) => name).filter((name) => !name.includes("/w"))).toEqual([
    "weight",
    "group0/vectors",
    "first/group0/vectors",
    "second/group0/vectors",
    "average/group0/vectors",
  ]);
  const slots = state.flatMap((array) => array.slots.map(({ name }) => name));
  expect(slots.filter((name) => name.startsWith("first/")).sort()).toEqual([
    "first/bias",
    "first/scale",
    "first/shift",
    "first/weight",
  ]);
});

test("updated together they change as one by one, and keep their names and shapes", async () => {
  const joined = await train(together());
  const apart = await train(oneByOne());

  expect(Object.keys(joined.tensors).sort()).toEqual(Object.keys(apart.tensors).sort());
  expect(joined.gradientNorm).toBeCloseTo(apart.gradientNorm, 6);
  for (const [name, { shape, data }] of Object.entries(joined.tensors)) {
    expect(shape, name).toEqual(apart.tensors[name]!.shape);
    for (const [index, value] of toNumbers(apart.tensors[name]!).entries()) {
      expect(Number(data[index]), name).toBeCloseTo(value, 6);
    }
  }
  expect(joined.scale).toEqual(joined.tensors.scale);
  expect(joined.shift?.shape).toEqual([]);
});

test("a state of vectors that were updated one by one goes on as it was", async () => {
  const { tensors } = await train(oneByOne());
  const [joined, apart] = [await train(together(), tensors), await train(oneByOne(), tensors)];

  for (const [index, value] of toNumbers(apart.scale!).entries()) {
    expect(toNumbers(joined.scale!)[index]).toBeCloseTo(value, 6);
  }
  await expect(train(together(), { ...tensors, scale: float32([3], [1, 2, 3]) })).rejects.toThrow(
    'Expected "scale" of the state as [2], got [3]. Was it saved by another model?',
  );
});
