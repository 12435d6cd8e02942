import type { Product } from "./product.ts";
import { bottleCap } from "./products/bottle-cap.ts";
import { circuitBoard } from "./products/circuit-board.ts";
import { gasket } from "./products/gasket.ts";
import { machinedPlate } from "./products/machined-plate.ts";
import { wovenFabric } from "./products/woven-fabric.ts";
import { type Photo, type PhotoOrder, renderPhoto } from "./render-photo.ts";

/** A product of the demo world, its construction closed over. */
export type DemoProduct = {
  readonly name: string;
  /** Kinds of defects, as folder names. */
  readonly kinds: readonly string[];
  render(order: PhotoOrder): Photo;
};

function offer<Design>(product: Product<Design>): DemoProduct {
  return {
    name: product.name,
    kinds: Object.keys(product.flaws),
    render: (order) => renderPhoto(product, order),
  };
}

export const DEMO_PRODUCTS: readonly DemoProduct[] = [
  offer(bottleCap),
  offer(circuitBoard),
  offer(gasket),
  offer(machinedPlate),
  offer(wovenFabric),
];

/** The product of that name. @throws when there is none */
export function requireDemoProduct(name: string): DemoProduct {
  const product = DEMO_PRODUCTS.find((candidate) => candidate.name === name);
  if (product === undefined) {
    const names = DEMO_PRODUCTS.map((candidate) => candidate.name).join(", ");
    throw new Error(`Expected a product of the demo world (${names}), got "${name}".`);
  }
  return product;
}
