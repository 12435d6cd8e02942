import { describe, expect, test } from "vitest";

import { exportModel } from "../onnx/index.ts";
import { toNumbers, zeros } from "../tensor/index.ts";
import { fixtureGraph, fixtures, relativeError } from "../testing/operation-fixtures.ts";
import { whyNoSoftwareGpu } from "../testing/software-gpu.ts";
import { openSession } from "./index.ts";

/** No GPU in a browser's standard has float64, so WebGPU has no kernels for it. */
const CPU_ONLY = new Set(["cast between floats"]);

/** Shaders may use fused multiply-adds and approximate exp, log and tanh. */
const TOLERANCE = 1e-4;

const reason = whyNoSoftwareGpu();

describe.skipIf(reason !== null)(
  `on WebGPU${reason === null ? "" : ` (skipped: ${reason})`}`,
  () => {
    test("every operation and its gradient has a kernel and PyTorch's values", async () => {
      const names = Object.keys(fixtures).filter((name) => !CPU_ONLY.has(name));
      const { cases, outputs, feeds } = fixtureGraph(names);
      const model = exportModel({ outputs, target: "webgpu" });
      const session = await openSession(model, { provider: "webgpu", forbidFallback: true });
      const results = await session.run(feeds).finally(() => session.close());
      const read = (name: string): number[] => toNumbers(results[name] ?? zeros([0]));

      const errors = cases.flatMap(({ name, fixture }) => [
        { name, error: relativeError(read(`${name}/output`), fixture.output.data) },
        ...(fixture.gradients ?? []).flatMap((expected, index) =>
          expected === null
            ? []
            : [{ name, error: relativeError(read(`${name}/gradient/${index}`), expected) }],
        ),
      ]);
      expect(errors.filter(({ error }) => error >= TOLERANCE)).toEqual([]);
      expect(errors.length).toBeGreaterThan(150);
    }, 300_000);
  },
);
