import { expect, test } from "vitest";

import { createBatchOrder } from "./batch-order.ts";

test("every pass sees each image once, across the borders of batches", () => {
  const order = createBatchOrder({ images: 10, batch: 4, seed: 3 });
  const seen = Array.from({ length: 15 }, (_, step) => order(step)).flat();
  for (let pass = 0; pass < 6; pass++) {
    const sorted = seen.slice(10 * pass, 10 * (pass + 1)).sort((a, b) => a - b);
    expect(sorted).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
  expect(seen.slice(0, 10)).not.toEqual(seen.slice(10, 20));
});

test("a batch depends on seed and step alone, not on what was asked before", () => {
  const options = { images: 7, batch: 3, seed: 5 };
  const first = createBatchOrder(options);
  const inOrder = Array.from({ length: 8 }, (_, step) => first(step));
  expect(createBatchOrder(options)(6)).toEqual(inOrder[6]);
  expect(createBatchOrder({ ...options, seed: 6 })(6)).not.toEqual(inOrder[6]);
});

test("a batch larger than the set repeats images instead of failing", () => {
  expect(createBatchOrder({ images: 2, batch: 5, seed: 0 })(0).sort()).toEqual(
    expect.arrayContaining([0, 1]),
  );
});
