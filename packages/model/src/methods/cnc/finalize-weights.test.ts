import { expect, test } from "vitest";

import { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import { storedParameters } from "../../nn/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { openSession } from "../../session/index.ts";
import { type Tensor, toNumbers } from "../../tensor/index.ts";
import { halfWave, waveParameters } from "../../testing/wave-parameters.ts";
import { waveTextTower } from "../../testing/wave-text-tower.ts";
import type { MethodContext } from "../method.ts";
import { cnc } from "./method.ts";

async function evaluate(
  outputs: Parameters<typeof exportModel>[0]["outputs"],
  feeds: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  const session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
  const used = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
  return session.run(Object.fromEntries(used)).finally(() => session.close());
}

test("a stored detector scores without the text tower as with it", async () => {
  const channels = 64;
  const training: MethodContext = {
    batch: 1,
    inputSize: 30,
    gridSize: 3,
    layers: [0, 1, 2].map((i) => ({ name: `layer${i}`, channels, origin: 0, stride: 10 })),
    statistics: [0, 1, 2].map((i) => {
      return {
        mean: new Float32Array(channels).fill(0.1 * i),
        std: new Float32Array(channels).fill(0.5),
      };
    }),
    globals: true,
    text: await waveTextTower(),
    steps: 10,
    stepsPerEpoch: 1,
  };
  const method = cnc(CncSettings.parse({ width: 64, mlpRatio: 1, smoothing: 1 }));
  const feeds: Record<string, Tensor> = {};
  for (const i of [0, 1, 2]) {
    feeds[`tokens${i}`] = halfWave([1, 9, channels], i, 1);
    feeds[`global${i}`] = halfWave([1, channels], 10 + i, 1);
  }
  const p = waveParameters();
  method.loss(p, training);
  const { tokens, map } = method.maps(p, training);
  const withTower = await evaluate({ tokens, map }, feeds);

  const names = p.all().map(({ attrs }) => attrs.name);
  const kept = method.storedParameters!(names);
  expect(names.filter((name) => !kept.includes(name))).toEqual(["prompts/vectors"]);
  const settled = await evaluate({ ...method.finalizeWeights!(p, training) }, {});
  expect(settled["anchors/text"]!.shape).toEqual([6, channels]);
  const trained = p.all().filter(({ attrs }) => kept.includes(attrs.name));
  const weights = {
    ...Object.fromEntries(trained.map(({ attrs }) => [attrs.name, attrs.initial])),
    ...settled,
  };
  const scoring = { ...training, text: null, steps: 0, stepsPerEpoch: 1 };
  const without = await evaluate({ ...method.maps(storedParameters(weights), scoring) }, feeds);

  for (const output of ["tokens", "map"]) {
    const expected = toNumbers(withTower[output]!);
    const actual = toNumbers(without[output]!);
    const furthest = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
    expect(Math.max(...expected)).toBeGreaterThan(0.5);
    expect(furthest).toBeLessThan(1e-5);
  }
});
