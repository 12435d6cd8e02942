import { z } from "zod";

/** Where a graph runs. `cpu` always works; `webgpu` needs a GPU driver; `cuda` an extra download. */
export const PROVIDERS = ["cpu", "webgpu", "cuda"] as const;

export const Provider = z.enum(PROVIDERS);
export type Provider = z.infer<typeof Provider>;
