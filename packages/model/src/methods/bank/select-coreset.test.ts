import { expect, test } from "vitest";

import { createRandom } from "../../tensor/index.ts";
import { graphRunner } from "../../train/graph-runner.ts";
import { type CoresetProgress, selectCoreset } from "./select-coreset.ts";

type Points = { readonly points: Float32Array; readonly width: number };

function clouds(count: number, width: number, seed: number): Points {
  const random = createRandom(seed);
  const points = Float32Array.from({ length: count * width }, (_, i) => {
    const cloud = Math.floor(i / width) % 7;
    return 3 * Math.sin(1 + cloud * (1 + (i % width))) + random.normal();
  });
  return { points, width };
}

function squared({ points, width }: Points, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (points[a * width + i]! - points[b * width + i]!) ** 2;
  return sum;
}

async function select(
  cloud: Points,
  options: { size: number; rounds?: number; seed?: number },
): Promise<{ chosen: number[]; progress: CoresetProgress[] }> {
  const request = { rounds: 5, seed: 1, signal: new AbortController().signal };
  const choice = selectCoreset({ ...cloud, ...request, ...options }, graphRunner("cpu"));
  const progress: CoresetProgress[] = [];
  for (;;) {
    const next = await choice.next();
    if (next.done === true) return { chosen: next.value, progress };
    progress.push(next.value);
  }
}

/** The plain algorithm: distances to all points after every choice. */
function plainGreedy(cloud: Points, first: number, size: number): number[] {
  const count = cloud.points.length / cloud.width;
  const chosen = [first];
  const nearest = Array.from({ length: count }, (_, i) => squared(cloud, i, first));
  while (chosen.length < size) {
    const next = nearest.indexOf(Math.max(...nearest));
    chosen.push(next);
    for (let i = 0; i < count; i++) nearest[i] = Math.min(nearest[i]!, squared(cloud, i, next));
  }
  return chosen;
}

function radius(cloud: Points, chosen: readonly number[]): number {
  const count = cloud.points.length / cloud.width;
  const nearest = Array.from({ length: count }, (_, i) =>
    Math.min(...chosen.map((centre) => squared(cloud, i, centre))),
  );
  return Math.sqrt(Math.max(...nearest));
}

test("chooses what the plain algorithm chooses, in its order", async () => {
  // More points than candidates, and more choices than one product takes.
  const cloud = clouds(5000, 6, 2);
  const { chosen, progress } = await select(cloud, { size: 400, rounds: 3 });
  expect(chosen).toEqual(plainGreedy(cloud, chosen[0]!, 400));
  expect(progress.map((round) => round.chosen)).toEqual([134, 267, 400]);
  expect(progress[2]!.radius).toBeCloseTo(radius(cloud, chosen), 3);
});

test("covers within twice the radius of the best set of that size", async () => {
  for (const seed of [1, 2, 3, 4]) {
    const cloud = clouds(14, 2, seed);
    const { chosen } = await select(cloud, { size: 3, seed });
    let best = Infinity;
    for (let a = 0; a < 14; a++) {
      for (let b = 0; b < a; b++) {
        for (let c = 0; c < b; c++) best = Math.min(best, radius(cloud, [a, b, c]));
      }
    }
    expect(radius(cloud, chosen)).toBeLessThanOrEqual(2 * best + 1e-5);
  }
});

test("the seed alone decides", async () => {
  const cloud = clouds(300, 4, 5);
  const first = await select(cloud, { size: 20, seed: 8 });
  expect((await select(cloud, { size: 20, seed: 8, rounds: 9 })).chosen).toEqual(first.chosen);
  expect((await select(cloud, { size: 20, seed: 9 })).chosen).not.toEqual(first.chosen);
});

test("ends early once every point equals a chosen one, with a message for every round", async () => {
  const points = Float32Array.from({ length: 60 }, (_, i) => (Math.floor(i / 2) % 3) * 10);
  const { chosen, progress } = await select({ points, width: 2 }, { size: 20, rounds: 4 });
  expect(chosen).toHaveLength(3);
  expect(progress.map((round) => round.radius)).toEqual([0, 0, 0, 0]);
});
