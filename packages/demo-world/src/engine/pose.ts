import type { Random } from "@loupe/model/random";

import { between } from "./numbers.ts";

/** Row-major 3 × 3 homography. */
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** Where the part lies under the camera. */
export type Pose = {
  readonly toPart: Matrix;
  readonly toFrame: Matrix;
  /** Turn of the part against the frame, in radians. */
  readonly angle: number;
};

/** How far a line's fixture lets a part move. */
export type PoseRange = {
  /** Largest turn either way, in radians. */
  readonly turn: number;
  /** Largest shift along either axis, in units. */
  readonly shift: number;
  /** Largest relative change of scale: distance and lens tolerances. */
  readonly zoom: number;
  /** How large the part is shown: frame units a part unit. */
  readonly scale: number;
};

/** Keystone of a camera that is up to about half a degree off the perpendicular. */
const KEYSTONE_PER_UNIT = 0.00022;

function invert(m: Matrix): Matrix {
  const [a, b, c, d, e, f, g, h, i] = m;
  const p = e * i - f * h;
  const q = f * g - d * i;
  const r = d * h - e * g;
  const determinant = a * p + b * q + c * r;
  return [
    p / determinant,
    (c * h - b * i) / determinant,
    (b * f - c * e) / determinant,
    q / determinant,
    (a * i - c * g) / determinant,
    (c * d - a * f) / determinant,
    r / determinant,
    (b * g - a * h) / determinant,
    (a * e - b * d) / determinant,
  ];
}

/** A pose drawn uniformly from what the fixture allows. */
export function drawPose(random: Random, range: PoseRange): Pose {
  const angle = between(random, -range.turn, range.turn);
  const zoom = range.scale * (1 + between(random, -range.zoom, range.zoom));
  const cos = zoom * Math.cos(angle);
  const sin = zoom * Math.sin(angle);
  const toFrame: Matrix = [
    cos,
    -sin,
    between(random, -range.shift, range.shift),
    sin,
    cos,
    between(random, -range.shift, range.shift),
    between(random, -KEYSTONE_PER_UNIT, KEYSTONE_PER_UNIT),
    between(random, -KEYSTONE_PER_UNIT, KEYSTONE_PER_UNIT),
    1,
  ];
  return { toFrame, toPart: invert(toFrame), angle };
}

/** Apply a homography to a point. */
export function project(matrix: Matrix, x: number, y: number): { x: number; y: number } {
  const w = matrix[6] * x + matrix[7] * y + matrix[8];
  return {
    x: (matrix[0] * x + matrix[1] * y + matrix[2]) / w,
    y: (matrix[3] * x + matrix[4] * y + matrix[5]) / w,
  };
}
