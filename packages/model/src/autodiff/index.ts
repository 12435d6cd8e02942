/** @file Front door of `autodiff`: gradients as ordinary values. */
export {
  type FixedPoint,
  fixedPoint,
  type FixedPointRequest,
  solveFixedPoint,
} from "./fixed-point.ts";
export { gradients } from "./gradients.ts";
