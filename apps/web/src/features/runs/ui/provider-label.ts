import type { ComputeProvider } from "@loupe/contracts";

/** What people call each way to compute. */
export const PROVIDER_LABEL: Readonly<Record<ComputeProvider, string>> = {
  cpu: "CPU",
  webgpu: "GPU (WebGPU)",
  cuda: "GPU (CUDA)",
};
