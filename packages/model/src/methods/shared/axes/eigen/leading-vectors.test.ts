import { expect, test } from "vitest";

import { float32, sample, toNumbers } from "../../../../tensor/index.ts";
import { leadingVectors, stretch } from "./leading-vectors.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

test.each([
  [24, 16],
  [7, 9],
  [1, 3],
])(
  "the vectors of a weight [%i, %i] stretch it by its largest singular value",
  async (rows, columns) => {
    const weight = sample({ kind: "normal" }, [rows, columns], 6);
    const { left, right } = leadingVectors(weight);
    const w = toNumbers(weight);
    const square = Float64Array.from({ length: columns * columns }, (_, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += w[row * columns + i]! * w[row * columns + j]!;
      return sum;
    });
    const { values } = await symmetricEigen(square, columns);
    expect(Math.hypot(...left)).toBeCloseTo(1, 6);
    expect(Math.hypot(...right)).toBeCloseTo(1, 6);
    const found = stretch(weight, {
      left: float32([rows, 1], left),
      right: float32([columns, 1], right),
    });
    expect(found / Math.sqrt(values[0]!)).toBeCloseTo(1, 3);
  },
);
