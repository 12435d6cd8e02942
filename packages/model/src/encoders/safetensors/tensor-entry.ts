import { z } from "zod";

import type { DType, Tensor } from "../../tensor/index.ts";

/** The format's names of the element types that we read and write. */
export const DTYPE_OF = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  I64: "int64",
  I32: "int32",
  U8: "uint8",
} as const satisfies Record<string, DType>;
export type ElementType = keyof typeof DTYPE_OF;

/** More axes than any array of a network has. */
const MAX_RANK = 16;

/** One tensor of a safetensors header; offsets count from the end of the header. */
export const TensorEntry = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()).max(MAX_RANK),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
export type TensorEntry = z.infer<typeof TensorEntry>;

/** Tensors by name; their order is the order in the file. */
export type NamedTensors = Readonly<Record<string, Tensor>>;
