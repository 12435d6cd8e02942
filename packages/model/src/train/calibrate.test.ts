import { expect, test } from "vitest";

import {
  calibrate,
  calibrationImages,
  type CalibrationSample,
  type ScoringPlan,
} from "./calibrate.ts";

const RAW: ScoringPlan = {
  gridSize: 4,
  isStandard: false,
  imageScore: (tokens) => Math.max(...tokens),
};

/** An image whose map is flat but for one pixel. */
function sample(category: string, score: number, { base = 0, peak = 1 } = {}): CalibrationSample {
  const values = new Float32Array(16).fill(base);
  values[5] = peak;
  return { category, score, map: { width: 4, height: 4, values } };
}

async function calibrationOf(samples: readonly CalibrationSample[], plan = RAW) {
  const steps = calibrate(
    (async function* () {
      yield* samples;
    })(),
    plan,
  );
  for (let done = 1; ; done++) {
    const next = await steps.next();
    if (next.done === true) return next.value;
    expect(next.value).toBe(done);
  }
}

test("each category is measured by its own images, and all of them together", async () => {
  const boards = Array.from({ length: 8 }, (_, i) =>
    sample("board", i % 2 === 0 ? 2 : 4, { base: 2, peak: 5 }),
  );
  const caps = Array.from({ length: 8 }, () => sample("cap", 1, { base: 0, peak: 1 }));
  const { calibration, standard } = await calibrationOf([...boards, ...caps]);
  const { scale, scores, byCategory } = calibration;
  expect(standard).toBeNull();
  expect(byCategory).toEqual({
    board: {
      scale: { min: 2, max: 2 + 3 * 3 },
      scores: { images: 8, mean: 3, deviation: 1, max: 4 },
    },
    cap: { scale: { min: 0, max: 3 }, scores: { images: 8, mean: 1, deviation: 0, max: 1 } },
  });
  expect(scale).toEqual({ min: 1, max: 1 + 3 * 2 });
  expect(scores).toMatchObject({ images: 16, mean: 2, max: 4 });
});

test("a category with few images is judged by the statistics of all", async () => {
  const many = Array.from({ length: 8 }, () => sample("board", 1));
  const { calibration } = await calibrationOf([...many, ...many.slice(1), sample("cap", 9)]);
  expect(Object.keys(calibration.byCategory)).toEqual(["board"]);
});

test("a flat map still has a scale with a width", async () => {
  const { calibration } = await calibrationOf([sample("cap", 0, { base: 0.5, peak: 0.5 })]);
  expect(calibration.scale.max).toBeGreaterThan(calibration.scale.min);
});

test("standard scoring holds every cell against what good images have there", async () => {
  // The pixel in question is always high, by turns 4 and 6; the others are by turns 0 and 2.
  const images = Array.from({ length: 8 }, (_, i) =>
    sample("board", 0, { base: i % 2 === 0 ? 0 : 2, peak: i % 2 === 0 ? 4 : 6 }),
  );
  const { calibration, standard } = await calibrationOf(images, { ...RAW, isStandard: true });
  const cells = standard?.cells["board"];
  expect(cells?.base[5]).toBe(2.5);
  expect(cells?.base[0]).toBe(0.5);
  for (const spread of cells?.spread ?? []) expect(spread).toBeCloseTo(2);
  // By turns (4 − 2.5) / 2 and (6 − 2.5) / 2.
  const { scores, scale } = calibration.byCategory["board"]!;
  expect(scores.mean).toBeCloseTo(1.25);
  expect(scores.max).toBeCloseTo(1.75);
  expect(scale.max).toBeGreaterThan(scale.min);
  expect(standard?.overall.base).toBeCloseTo(0.625);
});

test("every category gives about as many images, spread over all that it has", () => {
  const categories = [
    ...Array.from({ length: 200 }, () => "tile"),
    ...Array.from({ length: 20 }, () => "cap"),
  ];
  const chosen = calibrationImages(categories);
  const tiles = chosen.filter((index) => index < 200);
  expect(tiles).toHaveLength(50);
  expect(tiles.at(-1)).toBeGreaterThan(190);
  expect(chosen.length - tiles.length).toBe(20);
  expect(
    calibrationImages(Array.from({ length: 40 }, (_, index) => `c${index % 20}`)),
  ).toHaveLength(40);
  expect(calibrationImages([])).toEqual([]);
});
