/** @file Front door of `nn`: named parameters, their initial values, and layers built from them. */
export { attention, type Attended } from "./attention.ts";
export { convolution } from "./convolution.ts";
export * from "./layers.ts";
export * from "./parameters.ts";
export { type BlockOptions, transformerBlock } from "./transformer-block.ts";
