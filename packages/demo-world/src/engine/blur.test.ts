import { expect, test } from "vitest";

import { blur } from "./blur.ts";

const SIZE = 64;

test.each([0.1, 0.8, 2.4, 4, 9])("leaves an even plane as it is (sigma %f)", (sigma) => {
  for (const value of blur(new Float32Array(SIZE * SIZE).fill(3), SIZE, sigma)) {
    expect(value).toBeCloseTo(3, 4);
  }
});

test.each([0.8, 2.4, 3.5, 5])("spreads a point with the variance asked for (sigma %f)", (sigma) => {
  const plane = new Float32Array(SIZE * SIZE);
  const centre = SIZE / 2;
  plane[centre * SIZE + centre] = 1;
  const out = blur(plane, SIZE, sigma);

  let total = 0;
  let along = 0;
  let down = 0;
  for (let i = 0; i < out.length; i++) {
    total += out[i]!;
    along += out[i]! * ((i % SIZE) - centre) ** 2;
    down += out[i]! * (Math.floor(i / SIZE) - centre) ** 2;
  }
  expect(total).toBeCloseTo(1, 4);
  // Box filters have whole widths, so broad blurs meet the width to a tenth.
  expect(Math.sqrt(along)).toBeCloseTo(sigma, sigma < 2.5 ? 1 : 0);
  expect(Math.abs(Math.sqrt(along) / sigma - 1)).toBeLessThan(0.12);
  expect(down).toBeCloseTo(along, 3);
});
