import { expect, test } from "vitest";

import { LOUPE_CHANNELS } from "../encoders/families/loupe-graph.ts";
import { createRandom, float32, type Tensor } from "../tensor/index.ts";
import { shippedWeights } from "./export-student.ts";

function noise(shape: readonly number[], seed: number): Tensor {
  const random = createRandom(seed);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return float32(
    shape,
    Float32Array.from({ length: size }, () => random.normal()),
  );
}

/** x [in] times a matrix [in, out]. */
function times(x: Float32Array, matrix: Tensor): number[] {
  const columns = matrix.shape[1]!;
  return Array.from({ length: columns }, (_, column) =>
    x.reduce((sum, value, row) => sum + value * (matrix.data[row * columns + column] as number), 0),
  );
}

test("one square matrix keeps the distances of all predictions, each teacher counting alike", () => {
  const teachers = { wide: 90, narrow: 12 };
  const weights: Record<string, Tensor> = { "stem/bias": noise([4], 1) };
  const targets = Object.entries(teachers).flatMap(([teacher, channels]) =>
    LOUPE_CHANNELS.map((width, level) => {
      weights[`head/${level}/${teacher}/weight`] = noise([width, channels], level * 7 + channels);
      return { teacher, level, channels, spacing: 1 };
    }),
  );
  const shipped = shippedWeights({ weights, targets });

  expect(Object.keys(shipped)).toEqual(["stem/bias", "expose0", "expose1", "expose2"]);
  for (const [level, width] of LOUPE_CHANNELS.entries()) {
    const difference = noise([width], 50 + level).data as Float32Array;
    const expected = Object.entries(teachers).reduce((sum, [teacher, channels]) => {
      const predicted = times(difference, weights[`head/${level}/${teacher}/weight`]!);
      return sum + predicted.reduce((total, value) => total + value * value, 0) / channels;
    }, 0);
    const exposed = times(difference, shipped[`expose${level}`]!);
    const distance = exposed.reduce((total, value) => total + value * value, 0);
    // The gain brings tokens to about one unit a channel; a ridge of 1e-6 keeps the factor real.
    expect(distance / ((expected * width) / 2)).toBeCloseTo(1, 3);
  }
});
