import { availableParallelism, cpus } from "node:os";

import type { InferenceSession } from "onnxruntime-node";

import type { KeptState, SessionOptions } from "./protocol.ts";

/**
 * How long a thread of ONNX Runtime spins while it waits for the next node, before it sleeps.
 *
 * Median of a training step of reverse distillation (384 channels, 196 tokens, batch 4) on two cores:
 *
 *   spin     alone           two trainings at once
 *   50 µs    331 to 338 ms   650 to 693 ms
 *   200 µs   286 ms          634 to 753 ms
 *   1 ms     293 ms          –
 *
 * 1 ms is the runtime's default; beside other busy processes it cost 1.5 times the CPU time.
 */
const SPIN_US = "200";

/**
 * Rewrites of ONNX Runtime that a training graph may not get.
 *
 * SkipLayerNormFusion: on WebGPU it drops the inverse standard deviation, which the gradient of layer
 * normalisation reads; the step would fail.
 * The transpose fusions: they would fold the transposes that `isWorthTurning` in
 * `onnx/lowering-rules.ts` adds for speed back into the product.
 */
const HARMFUL_FUSIONS = "SkipLayerNormFusion;GemmTransposeFusion;MatmulTransposeFusion";

type Runtime = {
  readonly options: SessionOptions;
  /** Outputs that stay in GPU memory from one step to the next; null where there are none. */
  readonly kept: KeptState | null;
  readonly trains: boolean;
};

/** ONNX Runtime's options for a session. */
export function runtimeOptions({
  options,
  kept,
  trains,
}: Runtime): InferenceSession.SessionOptions {
  const { provider, threads = permittedThreads(), profilePrefix, forbidFallback = false } = options;
  return {
    executionProviders: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
    graphOptimizationLevel: "all",
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    // Errors only. The warnings say which nodes run on the CPU; `forbidFallback` makes that an error.
    logSeverityLevel: 3,
    // Planning all buffers as one block is no faster, and takes a third more memory when training.
    enableMemPattern: !trains,
    ...(profilePrefix === undefined
      ? {}
      : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    ...(kept === null
      ? {}
      : {
          preferredOutputLocation: Object.fromEntries(
            kept.outputs.map((name) => [name, "gpu-buffer"]),
          ),
        }),
    extra: {
      session: {
        ...(forbidFallback && provider !== "cpu" ? { disable_cpu_ep_fallback: "1" } : {}),
        intra_op: { spin_duration_us: SPIN_US },
      },
      ...(trains ? { optimization: { disable_specified_optimizers: HARMFUL_FUSIONS } } : {}),
    },
  };
}

/**
 * Cores that this process may use, when they are fewer than the machine has: the runtime starts a
 * thread for each physical core, and threads that share a core wait for each other.
 */
function permittedThreads(): number | undefined {
  const permitted = availableParallelism();
  return permitted < cpus().length ? permitted : undefined;
}
