import type { Noise } from "../engine/noise.ts";
import { smoothstep } from "../engine/numbers.ts";
import { locateOnPath, pathRegion, type Point, startPlace } from "../engine/shapes.ts";
import { coat, editSurface, type Material } from "../engine/surface.ts";
import type { Mark } from "../product.ts";

export type Scratch = {
  readonly path: readonly Point[];
  /** Half-width of the groove at its widest, in units. */
  readonly width: number;
  readonly depth: number;
  /** What the groove lays bare. */
  readonly bare: Material;
  /** Share of the bare material in the groove, 0 to 1. */
  readonly opacity: number;
  /** Only what lies higher than this, in units, is scratched. */
  readonly floor: number;
};

/** A groove with raised lips that fades in and out along its path, as pressure does. */
export function scratch(plan: Scratch, noise: Noise): Mark {
  const region = pathRegion(plan.path, 4 * plan.width + 0.5);
  const place = startPlace();
  return (surface) => {
    editSurface(surface, region, (point) => {
      const { x, y } = point;
      place.x = x;
      place.y = y;
      locateOnPath(plan.path, place);
      if (place.distance > 4 * plan.width || point.height < plan.floor) return;
      const { along } = place;
      const ends = smoothstep(0, 0.16, along) * smoothstep(1, 0.72, along);
      const pressure = ends * (0.75 + 0.45 * noise(along * 14, 3.7));
      if (pressure <= 0) return;
      const width = plan.width * (0.55 + 0.45 * pressure);
      const across = place.distance / width;
      const groove = Math.exp(-across * across * 1.6);
      const lips = Math.exp(-((across - 1.7) ** 2) * 2.2);
      point.height += plan.depth * pressure * (0.35 * lips - groove);
      coat(point, plan.bare, Math.min(1, plan.opacity * pressure * groove * 1.2));
    });
  };
}
