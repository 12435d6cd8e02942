/** @file Front door of the demo world: a synthetic inspection data set, rendered on the spot. */
export { DEMO_PRODUCTS, type DemoProduct } from "./demo-products.ts";
export type { DemoCounts } from "./plan-demo-world.ts";
export {
  DEMO_COUNTS,
  DEMO_SIZE,
  type DemoWorldEvent,
  type DemoWorldOptions,
  renderDemoWorld,
} from "./render-demo-world.ts";
