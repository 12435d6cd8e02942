import { expect, test } from "vitest";

import { constant, input } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { openSession } from "../session/index.ts";
import { float32, type Tensor } from "../tensor/index.ts";
import { muon } from "./index.ts";

const ROWS = 6;
const COLUMNS = 3;
const ANGLE = 0.7;

/** One rotation in the plane of the axes a and b, as rows of a matrix [size, size]. */
function rotation(size: number, [a, b]: readonly [number, number]): number[][] {
  const matrix = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => Number(i === j)),
  );
  matrix[a]![a] = matrix[b]![b] = Math.cos(ANGLE);
  matrix[a]![b] = -Math.sin(ANGLE);
  matrix[b]![a] = Math.sin(ANGLE);
  return matrix;
}

/** A matrix [ROWS, COLUMNS] with these singular values, its vectors being two rotations. */
function withSingularValues(values: readonly number[]): Float32Array {
  const [left, right] = [rotation(ROWS, [0, 4]), rotation(COLUMNS, [0, 2])];
  return Float32Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
    return values.reduce((sum, value, k) => sum + left[row]![k]! * value * right[column]![k]!, 0);
  });
}

/** What five Newton–Schulz steps make of one singular value. */
function pushed(value: number): number {
  let s = value;
  for (let i = 0; i < 5; i++) s = 3.4445 * s - 4.775 * s ** 3 + 2.0315 * s ** 5;
  return s;
}

async function update(isMatrix: boolean, gradient: Float32Array, momentum: Float32Array) {
  const optimiser = muon({ momentum: 0.9, decay: 0.1, isMatrix: () => isMatrix });
  const shape = [ROWS, COLUMNS];
  const scalars = optimiser.scalars(0, { learningRate: 0.01, decay: 0.1 });
  const { parameter, moments } = optimiser.update({
    parameter: input("w", shape),
    gradient: input("g", shape),
    moments: {
      first: input("m", shape),
      second: constant(
        float32(
          shape,
          gradient.map(() => 0),
        ),
      ),
    },
    scalars: Object.fromEntries(
      Object.entries(scalars).map(([name, value]) => [name, constant(float32([], [value]))]),
    ),
  });
  const model = exportModel({ outputs: { parameter, first: moments["first"]! } });
  const session = await openSession(model, { provider: "cpu", threads: 1 });
  const w = new Float32Array(ROWS * COLUMNS).fill(1);
  const results = await session.run({
    w: float32(shape, w),
    g: float32(shape, gradient),
    m: float32(shape, momentum),
  });
  await session.close();
  return results as { parameter: Tensor; first: Tensor };
}

test("a matrix moves along the orthogonal factor of its momentum", async () => {
  const values = [5, 0.4, 0.02];
  const gradient = withSingularValues(values);
  const nothing = new Float32Array(gradient.length);
  const { parameter } = await update(true, gradient, nothing);

  // g + 0.9 g keeps the vectors; the norm is taken out first.
  const norm = Math.hypot(...values);
  const direction = withSingularValues(values.map((value) => pushed(value / norm)));
  const change = 0.2 * Math.sqrt(ROWS) * 0.01;
  for (const [i, value] of (parameter.data as Float32Array).entries()) {
    expect(value).toBeCloseTo(1 - 0.01 * 0.1 - change * direction[i]!, 5);
  }
});

test("momentum adds up, and other parameters get AdamW's first step", async () => {
  const gradient = withSingularValues([1, 1, 1]);
  const momentum = withSingularValues([2, 0, 0]);
  const { first } = await update(true, gradient, momentum);
  for (const [i, value] of (first.data as Float32Array).entries()) {
    expect(value).toBeCloseTo(0.9 * momentum[i]! + gradient[i]!, 5);
  }

  const ones = new Float32Array(gradient.length).fill(0.5);
  const { parameter } = await update(false, ones, new Float32Array(ones.length));
  // The first step of Adam is the rate, whatever the gradient's length.
  expect((parameter.data as Float32Array)[0]).toBeCloseTo(1 - 0.01 * 0.1 - 0.01, 5);
});
