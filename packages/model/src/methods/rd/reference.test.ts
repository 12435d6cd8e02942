import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { METHODS } from "../../catalog/methods.ts";
import { gradients } from "../../autodiff/index.ts";
import type { Parameter, Value } from "../../graph/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { openSession } from "../../session/index.ts";
import { type Tensor, toNumbers } from "../../tensor/index.ts";
import { halfWave, wave, waveParameters } from "../../testing/wave-parameters.ts";
import type { MethodContext } from "../method.ts";
import { withDecad } from "../decad/with-decad.ts";
import { rdHost } from "./method.ts";

const rd = withDecad(METHODS.rd.settings, rdHost);

type Fixture = {
  loss: number;
  gradients: Record<string, { norm: number; projection: number }>;
};

const fixtures = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/rd.json", import.meta.url), "utf8"),
) as Record<"token-cosine" | "map-cosine", Fixture>;

const context: MethodContext = {
  batch: 2,
  inputSize: 30,
  gridSize: 3,
  layers: ["shallow", "middle", "deep"].map((name) => {
    return { name, channels: 8, origin: 0, stride: 10 };
  }),
  globals: false,
  text: null,
  steps: 1,
  stepsPerEpoch: 1,
  statistics: Array.from({ length: 3 }, () => {
    return { mean: new Float32Array(8).fill(0.1), std: new Float32Array(8).fill(0.5) };
  }),
};

test.each(["token-cosine", "map-cosine"] as const)(
  "the loss %s and all its gradients are PyTorch's",
  async (loss) => {
    const known = new Map<string, Parameter>();
    const method = rd({ width: 64, mlpRatio: 1, noise: 0, dropout: 0, loss });
    const built = method.loss(waveParameters(known), context);
    const names = [...known.keys()];
    const found = gradients(built.loss, [...known.values()]);
    const outputs: Record<string, Value> = { loss: built.loss };
    for (const [index, name] of names.entries()) outputs[`gradient/${name}`] = found[index]!;
    const session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
    const features = (layer: number): Tensor => halfWave([2, 9, 8], 10 + layer, 1);
    const feeds = { tokens0: features(0), tokens1: features(1), tokens2: features(2) };
    const results = await session.run(feeds).finally(() => session.close());

    const expected = fixtures[loss];
    expect(names.sort()).toEqual(Object.keys(expected.gradients).sort());
    expect(toNumbers(results.loss!)[0]).toBeCloseTo(expected.loss, 5);
    for (const name of names) {
      const gradient = results[`gradient/${name}`]!;
      const values = toNumbers(gradient);
      const weights = wave(gradient.shape, 0.5, 1);
      const projection = values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
      const { norm, projection: expectedProjection } = expected.gradients[name]!;
      // Relative to the gradient's size, with a floor for gradients that are 0 in exact arithmetic.
      const tolerance = 2e-4 * norm + 2e-7;
      expect(Math.abs(Math.hypot(...values) - norm), `norm of ${name}`).toBeLessThan(tolerance);
      expect(Math.abs(projection - expectedProjection), `sum of ${name}`).toBeLessThan(
        tolerance * Math.sqrt(values.length),
      );
    }
  },
);
