import type { Random } from "@loupe/model/random";

import type { Point } from "../engine/shapes.ts";

/** A hand's or a hair's line: starts at a point and turns a little at each step. */
export function wanderingPath(
  random: Random,
  start: Point,
  run: { length: number; heading: number; bend: number },
): Point[] {
  const pieces = 18;
  const path = [start];
  let heading = run.heading;
  let turn = (random.uniform() - 0.5) * run.bend;
  let { x, y } = start;
  for (let k = 0; k < pieces; k++) {
    turn += (random.uniform() - 0.5) * run.bend * 0.6;
    heading += turn / pieces;
    x += (run.length / pieces) * Math.cos(heading);
    y += (run.length / pieces) * Math.sin(heading);
    path.push({ x, y });
  }
  return path;
}
