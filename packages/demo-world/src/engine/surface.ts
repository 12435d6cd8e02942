import { type Pose, project } from "./pose.ts";
import type { Region } from "./shapes.ts";

/** Width of the frame in part units; a part unit is a hundredth of it whatever the resolution. */
export const FRAME = 100;

/** What light meets at one pixel. */
export type SurfacePoint = {
  /** Height over the table, in units. */
  height: number;
  /** Extra slope of the normal, in the part's axes: texture finer than a pixel. */
  tiltX: number;
  tiltY: number;
  /** Linear reflectance, 0 to 1. */
  red: number;
  green: number;
  blue: number;
  /** 0 is a mirror, 1 is chalk. */
  roughness: number;
  /** 0 is an insulator, 1 a bare metal whose colour tints its reflections. */
  metal: number;
};

/** Looks of a surface apart from its shape. */
export type Material = Pick<SurfacePoint, "red" | "green" | "blue" | "roughness" | "metal">;

/** A height field with a material, one value a pixel, row-major [size, size]. */
export type Surface = {
  readonly size: number;
  /** Units a pixel. */
  readonly step: number;
  readonly pose: Pose;
} & Readonly<Record<keyof SurfacePoint, Float32Array>>;

export function createSurface(size: number, pose: Pose): Surface {
  const plane = (): Float32Array => new Float32Array(size * size);
  return {
    size,
    step: FRAME / size,
    pose,
    height: plane(),
    tiltX: plane(),
    tiltY: plane(),
    red: plane(),
    green: plane(),
    blue: plane(),
    roughness: plane(),
    metal: plane(),
  };
}

/** A point and where it lies on the part, in units. */
export type Visited = SurfacePoint & { x: number; y: number };

/**
 * Changes a point in place.
 *
 * The place comes in the same object: two numbers as arguments would be boxed for each pixel.
 */
export type Visit = (point: Visited) => void;

type Window = { left: number; top: number; right: number; bottom: number };

function windowOf({ size, step, pose }: Surface, region: Region | null): Window {
  if (region === null) return { left: 0, top: 0, right: size, bottom: size };
  const corners = [region.left, region.right].flatMap((x) =>
    [region.top, region.bottom].map((y) => project(pose.toFrame, x, y)),
  );
  const pixel = (units: number): number =>
    Math.min(size, Math.max(0, Math.round((units + FRAME / 2) / step)));
  const xs = corners.map((corner) => corner.x);
  const ys = corners.map((corner) => corner.y);
  return {
    left: pixel(Math.min(...xs) - step),
    right: pixel(Math.max(...xs) + step),
    top: pixel(Math.min(...ys) - step),
    bottom: pixel(Math.max(...ys) + step),
  };
}

function visitWindow(surface: Surface, { left, top, right, bottom }: Window, visit: Visit): void {
  const { size, step } = surface;
  const [a, b, c, d, e, f, g, h, k] = surface.pose.toPart;
  const point: Visited = {
    x: 0,
    y: 0,
    height: 0,
    tiltX: 0,
    tiltY: 0,
    red: 0,
    green: 0,
    blue: 0,
    roughness: 0,
    metal: 0,
  };
  for (let row = top; row < bottom; row++) {
    const y = (row + 0.5) * step - FRAME / 2;
    for (let column = left; column < right; column++) {
      const x = (column + 0.5) * step - FRAME / 2;
      const i = row * size + column;
      point.height = surface.height[i] ?? 0;
      point.tiltX = surface.tiltX[i] ?? 0;
      point.tiltY = surface.tiltY[i] ?? 0;
      point.red = surface.red[i] ?? 0;
      point.green = surface.green[i] ?? 0;
      point.blue = surface.blue[i] ?? 0;
      point.roughness = surface.roughness[i] ?? 0;
      point.metal = surface.metal[i] ?? 0;
      const w = 1 / (g * x + h * y + k);
      point.x = (a * x + b * y + c) * w;
      point.y = (d * x + e * y + f) * w;
      visit(point);
      surface.height[i] = point.height;
      surface.tiltX[i] = point.tiltX;
      surface.tiltY[i] = point.tiltY;
      surface.red[i] = point.red;
      surface.green[i] = point.green;
      surface.blue[i] = point.blue;
      surface.roughness[i] = point.roughness;
      surface.metal[i] = point.metal;
    }
  }
}

/** Visit every pixel of a region (null: all), with the part's coordinates. */
export function editSurface(surface: Surface, region: Region | null, visit: Visit): void {
  visitWindow(surface, windowOf(surface, region), visit);
}

/** Lay a material over a point; `coverage` below 1 lets what is under it show. */
export function coat(point: SurfacePoint, material: Material, coverage: number): void {
  if (coverage <= 0) return;
  point.red += (material.red - point.red) * coverage;
  point.green += (material.green - point.green) * coverage;
  point.blue += (material.blue - point.blue) * coverage;
  point.roughness += (material.roughness - point.roughness) * coverage;
  point.metal += (material.metal - point.metal) * coverage;
}

/** Multiply the reflectance, as dirt, wear or uneven pigment do. */
export function tone(point: SurfacePoint, factor: number): void {
  point.red *= factor;
  point.green *= factor;
  point.blue *= factor;
}
