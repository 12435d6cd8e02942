import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { add, input } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { float32, toNumbers } from "../tensor/index.ts";
import { openSession } from "./open-session.ts";
import type { Provider } from "./protocol.ts";

/** Whether a provider works on this machine. */
export type ProviderProbe = {
  readonly provider: Provider;
  /** Why not, in one sentence; null when it works. */
  readonly reason: string | null;
};

const CANDIDATES = ["cpu", "webgpu", "cuda"] as const satisfies readonly Provider[];

/** Where ONNX Runtime's CUDA libraries lie once installed; looked at first, since it complains aloud. */
function hasCudaLibraries(): boolean {
  const entry = createRequire(import.meta.url).resolve("onnxruntime-node");
  const folder = join(dirname(entry), "..", "bin", "napi-v6", process.platform, process.arch);
  const files = ["libonnxruntime_providers_cuda.so", "onnxruntime_providers_cuda.dll"];
  return files.some((file) => existsSync(join(folder, file)));
}

async function whyNot(provider: Provider): Promise<string | null> {
  if (provider === "cuda" && !hasCudaLibraries()) {
    return "ONNX Runtime's CUDA libraries are not installed: docs/gpu.md says how.";
  }
  const outputs = { y: add(input("x", [2]), 1) };
  try {
    const model = exportModel({ outputs, target: provider });
    const session = await openSession(model, { provider, threads: 1, forbidFallback: true });
    try {
      const { y } = await session.run({ x: float32([2], [1, 2]) });
      const sum = y === undefined ? Number.NaN : toNumbers(y).reduce((a, b) => a + b, 0);
      return sum === 5 ? null : `${provider} computed 1 + 1 and 2 + 1 wrongly.`;
    } finally {
      await session.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Try every provider with a tiny model, each in a thread of its own. */
export async function probeProviders(): Promise<ProviderProbe[]> {
  const probes: ProviderProbe[] = [];
  for (const provider of CANDIDATES) {
    probes.push({ provider, reason: await whyNot(provider) });
  }
  return probes;
}
