import { createRandom } from "@loupe/model/random";
import fc from "fast-check";
import { expect, test } from "vitest";

import { drawPose, project } from "./pose.ts";

const coordinate = fc.double({ min: -50, max: 50, noNaN: true });

test("a place on the part comes back from the frame", () => {
  fc.assert(
    fc.property(fc.integer(), coordinate, coordinate, (seed, x, y) => {
      const pose = drawPose(createRandom(seed), { turn: 0.5, shift: 4, zoom: 0.05, scale: 1.1 });
      const seen = project(pose.toFrame, x, y);
      const back = project(pose.toPart, seen.x, seen.y);
      expect(back.x).toBeCloseTo(x, 6);
      expect(back.y).toBeCloseTo(y, 6);
    }),
  );
});

test("stays within what the fixture allows", () => {
  for (let seed = 0; seed < 200; seed++) {
    const pose = drawPose(createRandom(seed), { turn: 0.1, shift: 2, zoom: 0, scale: 1 });
    const middle = project(pose.toFrame, 0, 0);
    expect(Math.abs(pose.angle)).toBeLessThanOrEqual(0.1);
    expect(Math.max(Math.abs(middle.x), Math.abs(middle.y))).toBeLessThanOrEqual(2);
  }
});
