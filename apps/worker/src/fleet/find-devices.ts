import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { ComputeProvider, type ProviderFact } from "@loupe/contracts";
import type { Logger } from "@loupe/platform";
import { z } from "zod";

/** Opening a GPU for the first time compiles its kernels. */
const PROBE_TIMEOUT_MS = 90_000;
const PROBE = fileURLToPath(new URL("./probe-main.ts", import.meta.url));
const NVIDIA_GPUS = "/proc/driver/nvidia/gpus";

const Probes = z.array(z.object({ provider: ComputeProvider, reason: z.string().nullable() }));

/** The processor, which every worker has. */
export function describeCpu(): ProviderFact {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "Processor";
  return { provider: "cpu", device: `${model}, ${cores.length} cores` };
}

/**
 * What this machine computes on, found by trying, within what its owner allows.
 *
 * @param allowed null for everything that works; the processor is there in any case
 */
export async function findDevices(
  allowed: readonly ComputeProvider[] | null,
  logger: Logger,
): Promise<ProviderFact[]> {
  const cpu = describeCpu();
  const isAllowed = (provider: ComputeProvider) => allowed?.includes(provider) ?? true;
  if (!isAllowed("webgpu") && !isAllowed("cuda")) return [cpu];
  const working: ComputeProvider[] = [];
  for (const { provider, reason } of await probe(logger)) {
    if (reason === null) working.push(provider);
    else logger.info({ provider, reason }, "provider does not work here");
  }
  const gpu = await describeGpu();
  const gpus = working.filter((provider) => provider !== "cpu" && isAllowed(provider));
  return [cpu, ...gpus.map((provider) => ({ provider, device: gpu }))];
}

async function probe(logger: Logger): Promise<z.infer<typeof Probes>> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", PROBE], {
      timeout: PROBE_TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    return Probes.parse(JSON.parse(stdout));
  } catch (error) {
    logger.warn({ err: error }, "could not try the providers: the processor alone is offered");
    return [];
  }
}

/** The GPU's name where the driver writes it down, which NVIDIA's does. */
async function describeGpu(): Promise<string> {
  const folders = await readdir(NVIDIA_GPUS).catch(() => []);
  for (const folder of folders) {
    const text = await readFile(join(NVIDIA_GPUS, folder, "information"), "utf8").catch(() => "");
    const [, model] = /^Model:\s*(.+)$/mu.exec(text) ?? [];
    if (model !== undefined) return model.trim();
  }
  return "GPU";
}
