/** @file Front door of `nn`: named parameters, their initial values, and layers built from them. */
export * from "./layers.ts";
export * from "./parameters.ts";
