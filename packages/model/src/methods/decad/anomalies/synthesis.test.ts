import { beforeAll, describe, expect, test } from "vitest";

import { DecadModuleSettings } from "../../../catalog/methods/decad/module-settings.ts";
import {
  constantOf,
  input,
  leavesOf,
  reduceSum,
  square,
  sub,
  type Value,
} from "../../../graph/index.ts";
import { exportModel } from "../../../onnx/index.ts";
import { openSession } from "../../../session/index.ts";
import { mixSeed, sample, type Tensor, toNumbers } from "../../../tensor/index.ts";
import { patchMasks } from "./patch-masks.ts";
import { radiusFor, synthesise } from "./synthesis.ts";

const [IMAGES, GRID, WIDTH] = [24, 16, 12];
const TOKENS = GRID ** 2;

async function run(outputs: Record<string, Value>, seed: number): Promise<Record<string, Tensor>> {
  const { randoms, inputs } = leavesOf(Object.values(outputs));
  const session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
  const feeds = Object.fromEntries(
    [...randoms, ...inputs].map(({ attrs }) => {
      const distribution =
        "distribution" in attrs ? attrs.distribution : { kind: "normal" as const };
      return [attrs.name, sample(distribution, attrs.shape, mixSeed(seed, attrs.name))];
    }),
  );
  return session.run(feeds).finally(() => session.close());
}

describe("patch masks", () => {
  let masks: number[][];
  beforeAll(async () => {
    const { mask } = await run({ mask: patchMasks("test", { images: 64, gridSize: GRID }) }, 1);
    const values = toNumbers(mask!);
    masks = Array.from({ length: 64 }, (_, image) =>
      values.slice(image * TOKENS, (image + 1) * TOKENS),
    );
  });

  test("are 0 or 1 and cover between 1 and 41 % of the grid", () => {
    for (const mask of masks) {
      expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
      const share = mask.reduce((sum, value) => sum + value, 0) / TOKENS;
      // Rectangles end between patches, which rounds their area.
      expect(share).toBeGreaterThan(0.01);
      expect(share).toBeLessThan(0.45);
    }
  });

  test("differ from image to image", () => {
    expect(new Set(masks.map((mask) => mask.join(""))).size).toBe(64);
  });
});

describe("the synthesis", () => {
  const delta = radiusFor(2.5, WIDTH);
  const settings = DecadModuleSettings.parse({});
  const tokens = input("tokens", [IMAGES, TOKENS, WIDTH]);
  const target = constantOf(Float32Array.from({ length: WIDTH }, (_, i) => i % 3));
  /** Away from one point: the slope of a token is 2 (x − target). */
  const objective = (x: Value): Value => reduceSum(square(sub(x, target)));
  let results: Record<string, Tensor>;

  beforeAll(async () => {
    const { change, mask } = synthesise({ tokens, gridSize: GRID, settings, objective });
    results = await run({ change, mask, given: sub(tokens, 0) }, 3);
  });

  test("moves masked tokens by the radius and all others not at all", () => {
    const change = toNumbers(results.change!);
    for (const [token, masked] of toNumbers(results.mask!).entries()) {
      const length = Math.hypot(...change.slice(token * WIDTH, (token + 1) * WIDTH));
      if (masked === 1) expect(length).toBeCloseTo(delta, 5);
      else expect(length).toBe(0);
    }
  });

  test("goes where the objective grows, up to the random start", () => {
    const [change, given] = [toNumbers(results.change!), toNumbers(results.given!)];
    for (const [token, masked] of toNumbers(results.mask!).entries()) {
      if (masked === 0) continue;
      const [step, away] = [0, 1].map((which) =>
        Array.from({ length: WIDTH }, (_, i) => {
          const at = token * WIDTH + i;
          return which === 0 ? change[at]! : given[at]! - (i % 3);
        }),
      );
      const dot = step!.reduce((sum, value, i) => sum + value * away![i]!, 0);
      expect(dot / (Math.hypot(...step!) * Math.hypot(...away!))).toBeGreaterThan(0.95);
    }
  });

  test("scales its radius with the norm of the tokens", () => {
    expect(radiusFor(2.5, 768)).toBeCloseTo(2.5, 10);
    expect(radiusFor(2.5, 192)).toBeCloseTo(1.25, 10);
  });

  test("draws smaller radii when it is asked to", async () => {
    const varied = { ...settings, deltaFrom: 0.5 };
    const { change, mask } = synthesise({ tokens, gridSize: GRID, settings: varied, objective });
    const found = await run({ change, mask }, 4);
    const changes = toNumbers(found.change!);
    const lengths = toNumbers(found.mask!).flatMap((masked, token) => {
      const part = changes.slice(token * WIDTH, (token + 1) * WIDTH);
      return masked === 1 ? [Math.hypot(...part)] : [];
    });
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(0.5 * delta * 0.999);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(delta * 1.001);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeGreaterThan(0.2 * delta);
  });
});
