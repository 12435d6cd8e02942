import type { Point } from "./view-transform.ts";

/** How far apart two fingers are, and where between them is the middle. */
export type Pinch = { readonly middle: Point; readonly distance: number };

export function readPinch(first: Point, second: Point): Pinch {
  return {
    middle: { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 },
    // Fingers on one spot would make any zoom out of nothing.
    distance: Math.max(1, Math.hypot(second.x - first.x, second.y - first.y)),
  };
}

export type PinchChange = {
  /** The point that the fingers held, on the stage. */
  readonly at: Point;
  readonly by: Point;
  readonly factor: number;
};

/** What two fingers that went from one place to another did: moved and zoomed at once. */
export function pinchChange(before: Pinch, after: Pinch): PinchChange {
  return {
    at: before.middle,
    by: { x: after.middle.x - before.middle.x, y: after.middle.y - before.middle.y },
    factor: after.distance / before.distance,
  };
}
