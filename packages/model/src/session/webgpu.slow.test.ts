import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";
import { METHOD_NAMES } from "../catalog/methods.ts";
import { storedParameters } from "../nn/index.ts";
import { exportModel } from "../onnx/index.ts";
import { toNumbers } from "../tensor/index.ts";
import {
  halfFeeds,
  smallContext,
  smallGradientMethods,
  smallMethod,
  smallProgram,
} from "../testing/small-methods.ts";
import { whyNoSoftwareGpu } from "../testing/software-gpu.ts";
import { untrainedWeights } from "../testing/untrained-weights.ts";
import { openSession, openTrainingSession, type Provider, type TrainingProgram } from "./index.ts";

const STEPS = 3;

const context = smallContext(STEPS);

async function train(made: TrainingProgram, provider: Provider, profilePrefix: string) {
  const options = { provider, threads: 1, seed: 5, profilePrefix };
  const session = await openTrainingSession(made, options);
  try {
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const feeds = halfFeeds([made.outputs.loss!], step);
      const { loss, stateLocations } = await session.step({ learningRate: 1e-2, feeds });
      losses.push(loss);
      // All of the state stays where the step left it.
      expect(stateLocations).toEqual([provider === "webgpu" ? "gpu-buffer" : "cpu"]);
    }
    const state = await session.readState();
    await session.loadState(state);
    const { loss } = await session.step({
      learningRate: 1e-2,
      feeds: halfFeeds([made.outputs.loss!], STEPS),
    });
    return { losses: [...losses, loss], state };
  } finally {
    await session.close();
  }
}

type ProfileEvent = {
  readonly cat: string;
  readonly name: string;
  readonly args?: { readonly provider?: string; readonly op_name?: string };
};

/** Kinds of nodes that ran anywhere but on the GPU, from ONNX Runtime's own profile. */
async function fallbacks(folder: string): Promise<string[]> {
  const [file] = (await readdir(folder)).filter((name) => name.startsWith("webgpu"));
  const events = JSON.parse(await readFile(join(folder, file!), "utf8")) as ProfileEvent[];
  const nodes = events.filter(({ cat, name }) => cat === "Node" && name.endsWith("_kernel_time"));
  expect(nodes.length).toBeGreaterThan(100);
  const elsewhere = nodes.filter(({ args }) => args?.provider !== "WebGpuExecutionProvider");
  return [...new Set(elsewhere.map(({ args }) => args?.op_name ?? "unknown"))];
}

const reason = whyNoSoftwareGpu();

describe.skipIf(reason !== null)(
  `on WebGPU${reason === null ? "" : ` (skipped: ${reason})`}`,
  () => {
    test.each(smallGradientMethods)(
      "%s trains as on the CPU, with every node on the GPU",
      async (name) => {
        const folder = await mkdtemp(join(tmpdir(), "loupe-webgpu-"));
        try {
          const made = await smallProgram(name, context);
          const onCpu = await train(made, "cpu", join(folder, "cpu"));
          const onGpu = await train(made, "webgpu", join(folder, "webgpu"));

          expect(await fallbacks(folder)).toEqual([]);
          for (const [step, loss] of onCpu.losses.entries()) {
            const tolerance = 1e-4 * Math.max(1, Math.abs(loss));
            expect(Math.abs(onGpu.losses[step]! - loss), `step ${step}`).toBeLessThan(tolerance);
          }
          // Adam divides by the gradient's own size, so weights differ more than the loss does, and of
          // tens of thousands the few whose gradient is all rounding error may go either way.
          for (const [slot, expected] of Object.entries(onCpu.state.tensors)) {
            const actual = toNumbers(onGpu.state.tensors[slot]!);
            const values = toNumbers(expected);
            const far = values.filter((value, i) => !(Math.abs(value - actual[i]!) < 2e-3));
            expect(far.length / values.length, slot).toBeLessThan(1e-3);
          }
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      },
      240_000,
    );

    test.each(METHOD_NAMES)(
      "%s scores as on the CPU, with every node on the GPU",
      async (name) => {
        const weights = storedParameters(await untrainedWeights(smallMethod(name), context));
        const { tokens, map } = smallMethod(name).maps(weights, { ...context, steps: 0 });
        const feeds = halfFeeds([tokens, map], 1);
        const score = async (provider: "cpu" | "webgpu") => {
          const model = exportModel({ outputs: { tokens, map }, target: provider });
          const session = await openSession(model, {
            provider,
            forbidFallback: provider === "webgpu",
          });
          return session.run(feeds).finally(() => session.close());
        };
        const [onCpu, onGpu] = [await score("cpu"), await score("webgpu")];

        for (const output of ["tokens", "map"]) {
          const expected = toNumbers(onCpu[output]!);
          const actual = toNumbers(onGpu[output]!);
          const furthest = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
          expect(Math.max(...expected)).toBeGreaterThan(0.1);
          expect(furthest, output).toBeLessThan(1e-4);
        }
      },
      240_000,
    );
  },
);
