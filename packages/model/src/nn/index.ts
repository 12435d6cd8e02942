/** @file Front door of `nn`: named parameters, their initial values, and layers built from them. */
export { convolution } from "./convolution.ts";
export * from "./layers.ts";
export * from "./parameters.ts";
