import { expect, test } from "vitest";

import { input, leavesOf } from "../graph/index.ts";
import { float32, toNumbers } from "../tensor/index.ts";
import { createParameters, fanInUniform, transformerBlock, truncatedNormal } from "./index.ts";

test("a parameter's first values depend on seed and name, not on what was made before it", () => {
  const first = createParameters(5);
  first.get("other", [100], truncatedNormal(1));
  const late = first.scope("head").get("weight", [4], truncatedNormal(1));
  const early = createParameters(5).scope("head").get("weight", [4], truncatedNormal(1));
  const different = createParameters(6).scope("head").get("weight", [4], truncatedNormal(1));

  expect(late.attrs.name).toBe("head/weight");
  expect(late.attrs.initial).toEqual(early.attrs.initial);
  expect(late.attrs.initial).not.toEqual(different.attrs.initial);
  expect(first.scope("head").get("weight", [4], truncatedNormal(1))).toBe(late);
  expect(first.all()).toHaveLength(2);
});

test("what was learned before is the start where name and shape fit", () => {
  const learned = float32([2], [7, 8]);
  const p = createParameters(1, { "head/bias": learned, "head/weight": learned });
  expect(p.scope("head").get("bias", [2], truncatedNormal(1)).attrs.initial).toBe(learned);
  const other = p.scope("head").get("weight", [3], truncatedNormal(1));
  const fresh = createParameters(1).scope("head").get("weight", [3], truncatedNormal(1));
  expect(other.attrs.initial).toEqual(fresh.attrs.initial);
});

test("initial values keep inside their bounds", () => {
  const p = createParameters(1);
  const normal = toNumbers(p.get("a", [2000], truncatedNormal(0.02)).attrs.initial);
  const uniform = toNumbers(p.get("b", [2000], fanInUniform(16)).attrs.initial);

  expect(Math.max(...normal.map(Math.abs))).toBeLessThanOrEqual(0.04);
  expect(Math.max(...normal.map(Math.abs))).toBeGreaterThan(0.035);
  expect(Math.max(...uniform.map(Math.abs))).toBeLessThanOrEqual(0.25);
  expect(Math.max(...uniform.map(Math.abs))).toBeGreaterThan(0.24);
});

test("a transformer block keeps the shape and has 12 C² + 13 C parameters", () => {
  const p = createParameters(0);
  const y = transformerBlock(p.scope("block"), input("x", [2, 5, 16]), { heads: 4 });
  const count = p.all().reduce((sum, { attrs }) => sum + attrs.initial.data.length, 0);

  expect(y.shape).toEqual([2, 5, 16]);
  expect(count).toBe(12 * 16 * 16 + 13 * 16);
  expect(leavesOf([y]).parameters).toHaveLength(p.all().length);
});

test("heads that do not divide the width are refused", () => {
  const p = createParameters(0);

  expect(() => transformerBlock(p, input("x", [2, 5, 16]), { heads: 3 })).toThrow(
    "A width of 16 does not divide into 3 heads.",
  );
});
