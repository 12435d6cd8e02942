/**
 * @file Signed distances: negative inside, in part units (a hundredth of the frame's width).
 */

export type Point = { readonly x: number; readonly y: number };

export type Circle = Point & { readonly radius: number };

/** A rectangle with rounded corners around a centre, turned by `angle` radians. */
export type Box = Point & {
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly radius?: number;
  readonly angle?: number;
};

export function circleDistance(circle: Circle, x: number, y: number): number {
  return Math.hypot(x - circle.x, y - circle.y) - circle.radius;
}

export function boxDistance(box: Box, x: number, y: number): number {
  let dx = x - box.x;
  let dy = y - box.y;
  const angle = box.angle ?? 0;
  if (angle !== 0) {
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const turned = cos * dx + sin * dy;
    dy = cos * dy - sin * dx;
    dx = turned;
  }
  const radius = box.radius ?? 0;
  const outX = Math.abs(dx) - box.halfWidth + radius;
  const outY = Math.abs(dy) - box.halfHeight + radius;
  const corner = outX > 0 && outY > 0 ? Math.hypot(outX, outY) : Math.max(outX, outY);
  return corner - radius;
}

/** Union of two distances whose joint is rounded over `blend` units. */
export function smoothUnion(a: number, b: number, blend: number): number {
  const share = Math.max(blend - Math.abs(a - b), 0) / blend;
  return Math.min(a, b) - 0.25 * share * share * blend;
}

/**
 * A point, how near it is to a polyline, and how far along it (0 to 1) the nearest place is.
 *
 * Reused from pixel to pixel, which spares an object each.
 */
export type PathPlace = { x: number; y: number; distance: number; along: number };

export const startPlace = (): PathPlace => ({ x: 0, y: 0, distance: 0, along: 0 });

/** Fill in `distance` and `along` of a place whose x and y are set. */
export function locateOnPath(path: readonly Point[], place: PathPlace): void {
  let nearest = Number.POSITIVE_INFINITY;
  place.along = 0;
  for (let k = 1; k < path.length; k++) {
    const from = path[k - 1];
    const to = path[k];
    if (from === undefined || to === undefined) continue;
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const reach = ((place.x - from.x) * dx + (place.y - from.y) * dy) / (dx * dx + dy * dy + 1e-12);
    const t = reach < 0 ? 0 : reach > 1 ? 1 : reach;
    const missX = place.x - from.x - t * dx;
    const missY = place.y - from.y - t * dy;
    const square = missX * missX + missY * missY;
    if (square >= nearest) continue;
    nearest = square;
    place.along = (k - 1 + t) / (path.length - 1);
  }
  place.distance = Math.sqrt(nearest);
}

/** An upright rectangle in part units. */
export type Region = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

/** The square round a point. */
export const around = ({ x, y }: Point, reach: number): Region => ({
  left: x - reach,
  top: y - reach,
  right: x + reach,
  bottom: y + reach,
});

/** The rectangle that holds every point of a path, grown by `margin`. */
export function pathRegion(path: readonly Point[], margin: number): Region {
  const xs = path.map((point) => point.x);
  const ys = path.map((point) => point.y);
  return {
    left: Math.min(...xs) - margin,
    top: Math.min(...ys) - margin,
    right: Math.max(...xs) + margin,
    bottom: Math.max(...ys) + margin,
  };
}
