import type { DType, Shape } from "../tensor/index.ts";
import type { OpAttributes, OpKind, Value } from "./value.ts";

export type Signature = { readonly shape: Shape; readonly dtype: DType };

export type SignatureRule<K extends OpKind> = (
  inputs: readonly Value[],
  attrs: OpAttributes[K],
) => Signature;
