import { expect } from "vitest";

import { gradients } from "../autodiff/index.ts";
import { leavesOf, type Value } from "../graph/index.ts";
import type { GradientMethod, MethodContext } from "../methods/method.ts";
import { exportModel } from "../onnx/index.ts";
import { openSession } from "../session/index.ts";
import { float32, type Tensor, toNumbers } from "../tensor/index.ts";
import { halfWave, phaseOf, wave, waveParameters } from "./wave-parameters.ts";

/** What a script of `bench/reference` found for a method. */
export type ReferenceFixture = {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, { norm: number; projection: number }>>;
};

/** A context of one small grid, two images, and layers of these widths; statistics 0.1 ± 0.5. */
export function smallContext(channels: readonly number[], gridSize: number): MethodContext {
  return {
    batch: 2,
    inputSize: 10 * gridSize,
    gridSize,
    layers: channels.map((width, i) => {
      return { name: `layer${i}`, channels: width, origin: 0, stride: 10 };
    }),
    statistics: channels.map((width) => {
      return {
        mean: new Float32Array(width).fill(0.1),
        std: new Float32Array(width).fill(0.5),
      };
    }),
    globals: false,
    text: null,
    steps: 10,
    stepsPerEpoch: 1,
  };
}

/** Waves in the place of features and of random numbers. */
function feedsFor(outputs: readonly Value[], { layers, gridSize, batch }: MethodContext) {
  const feeds: Record<string, Tensor> = {};
  for (const [index, { channels }] of layers.entries()) {
    feeds[`tokens${index}`] = halfWave([batch, gridSize ** 2, channels], 10 + index, 1);
  }
  for (const { attrs } of leavesOf(outputs).randoms) {
    feeds[attrs.name] = float32(attrs.shape, wave(attrs.shape, phaseOf(attrs.name), 1));
  }
  return feeds;
}

/** Hold a method's loss, and the gradient of every weight that it trains, to a fixture. */
export async function expectReference(
  method: GradientMethod,
  context: MethodContext,
  fixture: ReferenceFixture,
): Promise<void> {
  const p = waveParameters();
  const { loss, buffers = [] } = method.loss(p, context);
  const replaced = new Set(buffers.map(({ parameter }) => parameter));
  const trained = p.all().filter((parameter) => !replaced.has(parameter));
  const outputs: Record<string, Value> = { loss };
  for (const [index, gradient] of gradients(loss, trained).entries()) {
    outputs[`gradient/${trained[index]!.attrs.name}`] = gradient;
  }
  const session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
  const feeds = feedsFor(Object.values(outputs), context);
  const results = await session.run(feeds).finally(() => session.close());

  const names = trained.map(({ attrs }) => attrs.name).sort();
  expect(names).toEqual(Object.keys(fixture.gradients).sort());
  expect(toNumbers(results.loss!)[0]).toBeCloseTo(fixture.loss, 4);
  for (const name of names) {
    const values = toNumbers(results[`gradient/${name}`]!);
    const weights = wave(results[`gradient/${name}`]!.shape, 0.5, 1);
    const projection = values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
    const expected = fixture.gradients[name]!;
    // Relative to the gradient's size, with a floor for gradients that are 0 in exact arithmetic.
    const tolerance = 5e-4 * expected.norm + 1e-6;
    expect(Math.abs(Math.hypot(...values) - expected.norm), `norm of ${name}`).toBeLessThan(
      tolerance,
    );
    expect(Math.abs(projection - expected.projection), `sum of ${name}`).toBeLessThan(
      tolerance * Math.sqrt(values.length),
    );
  }
}
