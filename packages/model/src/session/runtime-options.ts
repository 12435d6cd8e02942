import { availableParallelism, cpus } from "node:os";

import type { InferenceSession } from "onnxruntime-node";

import type { KeptState, SessionOptions } from "./protocol.ts";

/**
 * How long a thread of ONNX Runtime waits busily for the next node. A training step of `rd` (C = 384,
 * 196 tokens, batch 4) on two quiet cores took 331 to 338 ms at the median with 50 µs, 286 with 200
 * and 293 with the runtime's own millisecond. Two such processes side by side took 650 to 693 ms with
 * 50 µs and 634 to 753 with 200. Beside other busy processes a millisecond cost 1.5 times the
 * processor time.
 */
const SPIN_US = "200";

/**
 * The first drops, on WebGPU, the deviation that the gradient of the norm reads, and the step fails.
 * The others undo what the lowering of products has chosen (`isWorthTurning`).
 */
const HARMFUL_FUSIONS = "SkipLayerNormFusion;GemmTransposeFusion;MatmulTransposeFusion";

type Runtime = {
  readonly options: SessionOptions;
  /** State that stays on a GPU; null where there is none. */
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
    // Warnings are about nodes on the CPU, which the callers that care forbid.
    logSeverityLevel: 3,
    // One planned block is as quick as single buffers, but a third larger for a training step.
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
