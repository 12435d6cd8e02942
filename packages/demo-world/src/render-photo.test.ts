import { expect, test } from "vitest";

import { DEMO_PRODUCTS } from "./demo-products.ts";
import type { Photo } from "./render-photo.ts";

const SIZE = 96;
const FAINT = 0.05;
const LARGE = 0.95;

/** The largest change of a pixel, in sRGB steps, inside or outside of the mask. */
function largestChange(good: Photo, flawed: Photo, where: "inside" | "outside"): number {
  const area = SIZE * SIZE;
  let largest = 0;
  for (let i = 0; i < 3 * area; i++) {
    const isInside = flawed.mask![i % area] === 255;
    if (isInside !== (where === "inside")) continue;
    largest = Math.max(largest, Math.abs(flawed.ideal[i]! - good.ideal[i]!));
  }
  return largest;
}

test("five products or more, each with four kinds of defects or more", () => {
  expect(DEMO_PRODUCTS.length).toBeGreaterThanOrEqual(5);
  for (const { kinds } of DEMO_PRODUCTS) expect(kinds.length).toBeGreaterThanOrEqual(4);
});

test.each(DEMO_PRODUCTS)("$name looks different each time, and the same for a seed", (product) => {
  const first = product.render({ seed: 7, size: SIZE, flaw: null });
  const again = product.render({ seed: 7, size: SIZE, flaw: null });
  const other = product.render({ seed: 8, size: SIZE, flaw: null });

  expect(first.mask).toBeNull();
  expect(Buffer.compare(first.pixels, again.pixels)).toBe(0);
  expect(Buffer.compare(first.pixels, other.pixels)).not.toBe(0);
});

const flaws = DEMO_PRODUCTS.flatMap((product) => product.kinds.map((kind) => ({ product, kind })));

test.each(flaws)("a mask holds all of what $kind changes on $product.name", ({ product, kind }) => {
  const good = product.render({ seed: 11, size: SIZE, flaw: null });
  for (const severity of [FAINT, LARGE]) {
    const flawed = product.render({ seed: 11, size: SIZE, flaw: { kind, severity } });
    const share = (flawed.mask ?? []).filter((value) => value === 255).length / SIZE ** 2;

    expect(share).toBeGreaterThan(0);
    // A flaw is a part of the picture, never most of it.
    expect(share).toBeLessThan(0.25);
    expect(largestChange(good, flawed, "outside")).toBe(0);
    expect(largestChange(good, flawed, "inside")).toBeGreaterThanOrEqual(4);
  }
});

test("says which kinds there are when asked for another", () => {
  const [product] = DEMO_PRODUCTS;
  const order = { seed: 1, size: SIZE, flaw: { kind: "rust", severity: 0.5 } };
  expect(() => product?.render(order)).toThrow(/crack, short_shot.*got "rust"/);
});
