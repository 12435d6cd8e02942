import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { DEMO_PRODUCTS } from "./demo-products.ts";

const SIZE = 96;

/**
 * SHA-256 of one defective picture of each product with its mask, before it becomes a JPEG: what
 * was learnt and measured on the demo world holds only as long as its pictures stay the same.
 */
const FINGERPRINTS: Readonly<Record<string, string>> = {
  bottle_cap: "095150547505a75dccc4d43f327dda0e13c92378e297280d1026185b3085e78e",
  circuit_board: "497e7ab6af0ccc0a96baf5f2a37aeb81e65a4226daa24d17ada2d7c6074ac1f5",
  gasket: "7ce68fed25a96053b7e0eb0dbb3d5ba79276aa93193c2ed54631488e5c2d2e3c",
  machined_plate: "94e7fb61ea83d2ed03120dcfd29f12cfbf222ede6ed7ce3bf1eda9561379256f",
  woven_fabric: "304688b0868a8280020d35a40d307c9d04ec568950578fc842207d045e25fb94",
};

test.each(DEMO_PRODUCTS)("$name is drawn as it always was", (product) => {
  const flaw = { kind: product.kinds[0]!, severity: 0.8 };
  const { pixels, mask } = product.render({ seed: 7, size: SIZE, flaw });
  const fingerprint = createHash("sha256").update(pixels).update(mask!).digest("hex");

  expect(fingerprint).toBe(FINGERPRINTS[product.name]);
});
