import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { broadcastShapes, float32 } from "../tensor/index.ts";
import {
  add,
  concat,
  constantOf,
  conv2d,
  gather,
  inScope,
  input,
  leavesOf,
  matMul,
  mul,
  named,
  parameter,
  printGraph,
  reshape,
  slice,
  split,
  topologicalOrder,
  transpose,
} from "./index.ts";

describe("a shape error", () => {
  test("names the line of the model, its scope and the shapes that met", () => {
    const build = () => inScope("decoder", () => matMul(input("x", [2, 3]), input("w", [4, 5])));

    expect(build).toThrow(
      /^matMul\(float32\[2, 3\], float32\[4, 5\]\) built at src\/graph\/build\.test\.ts:\d+ in decoder: Inner extents differ: 3 columns against 4 rows\.$/,
    );
  });

  test.each([
    ["broadcast", () => add(input("a", [2, 3]), input("b", [2])), /axis -1 is 3 against 2/],
    ["types", () => add(input("a", [2]), input("b", [2], "int64")), /float32 and int64/],
    ["reshape", () => reshape(input("a", [2, 3]), [4, -1]), /6 elements cannot become/],
    ["permutation", () => transpose(input("a", [2, 3]), [0, 0]), /name an axis twice/],
    ["slice", () => slice(input("a", [4]), { axis: 0, start: 2, end: 5 }), /2:5:1 is not inside/],
    ["split", () => split(input("a", [4]), 0, [1, 2]), /Parts of 3 elements/],
    ["concat", () => concat([input("a", [2, 3]), input("b", [3, 3])], 1), /outside axis 1/],
    ["indices", () => gather(input("a", [4]), input("i", [2])), /must be int64/],
    ["kernel", () => conv2d(input("a", [1, 3, 8, 8]), input("k", [4, 2, 3, 3])), /met 3 channels/],
    ["window", () => conv2d(input("a", [1, 1, 2, 2]), input("k", [1, 1, 3, 3])), /does not fit/],
  ])("says what is wrong with %s", (_, build, message) => {
    expect(build).toThrow(message);
  });
});

test("of reshapes in a row the last one stands, and one back to the first shape is nothing", () => {
  const x = input("x", [2, 6]);
  const tall = reshape(x, [4, 3]);

  expect(reshape(tall, [3, -1])).toMatchObject({ kind: "reshape", inputs: [x], shape: [3, 4] });
  expect(reshape(tall, [2, 6])).toBe(x);
});

test("prints as text with the names and lines of the model, without what is dead", () => {
  const x = input("x", [2, 3]);
  const y = inScope("head", () => named("scores", add(mul(x, 2), constantOf([1, 2, 3]))));
  mul(y, 3);

  const lines = printGraph({ y }).split("\n");

  expect(lines).toHaveLength(7);
  expect(lines[0]).toMatch(
    /^%0 = input\(\) \{name: x, .*\} : float32\[2, 3\] {2}# src\/graph\/build\.test\.ts:\d+$/,
  );
  expect(lines[1]).toContain("constant() {tensor: [2]} : float32[]");
  expect(lines[4]).toMatch(/^%4 = add\(%2, %3\) : float32\[2, 3\] {2}# head\/scores, /);
  expect(lines[5]).toBe("return { y: %4 }");
});

test("orders every value after its inputs, each once", () => {
  let value = add(input("x", [2]), 1);
  // Deeper than the call stack, and with twice as many paths at every level.
  for (let depth = 0; depth < 20_000; depth++) value = add(value, value);
  const order = topologicalOrder([value]);
  const place = new Map(order.map((item, index) => [item, index]));

  expect(order).toHaveLength(20_003);
  for (const item of order) {
    for (const operand of item.inputs) expect(place.get(operand)).toBeLessThan(place.get(item)!);
  }
});

test("two leaves of one name are refused with both lines", () => {
  const twice = add(input("x", [2]), parameter("x", float32([2], [1, 2])));

  expect(() => leavesOf([twice])).toThrow(
    /Two leaves are called "x": one from .*:\d+, one from .*:\d+/,
  );
});

test("broadcasting is symmetric and keeps every extent above 1", () => {
  const extents = fc.array(fc.constantFrom(1, 4), { maxLength: 4 });
  fc.assert(
    fc.property(extents, extents, (a, b) => {
      const shape = broadcastShapes(a, b);
      expect(shape).toEqual(broadcastShapes(b, a));
      expect(shape).toHaveLength(Math.max(a.length, b.length));
      for (const [index, extent] of [...shape].reverse().entries()) {
        expect(extent).toBe(Math.max(a.at(-1 - index) ?? 1, b.at(-1 - index) ?? 1));
      }
    }),
  );
});
