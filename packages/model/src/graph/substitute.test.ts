import { expect, test } from "vitest";

import { float32 } from "../tensor/index.ts";
import { add, input, leavesOf, mul, parameter, reshape, sigmoid, substitute } from "./index.ts";

test("a leaf is read from elsewhere, and what does not depend on it stays the same value", () => {
  const [x, w] = [input("x", [2]), parameter("w", float32([2], [1, 2]))];
  const other = sigmoid(x);
  const { y, alone } = substitute(
    { y: add(mul(x, w), other), alone: other },
    new Map([[w, reshape(input("whole", [1, 2]), [2])]]),
  );

  expect(alone).toBe(other);
  expect(y!.inputs[1]).toBe(other);
  const leaves = leavesOf([y!]);
  expect(leaves.parameters).toEqual([]);
  expect(leaves.inputs.map(({ attrs }) => attrs.name)).toEqual(["x", "whole"]);
});

test("an output that is the leaf itself becomes what is read instead", () => {
  const w = parameter("w", float32([2], [1, 2]));
  const instead = input("instead", [2]);

  expect(substitute({ w }, new Map([[w, instead]]))).toEqual({ w: instead });
});
