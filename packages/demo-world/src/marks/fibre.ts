import { clamp01 } from "../engine/numbers.ts";
import { locateOnPath, pathRegion, type Point, startPlace } from "../engine/shapes.ts";
import { coat, editSurface, type Material } from "../engine/surface.ts";
import type { Mark } from "../product.ts";

export type Fibre = {
  readonly path: readonly Point[];
  readonly radius: number;
  readonly material: Material;
  /** How far its middle floats over the surface, for its shadow. */
  readonly lift: number;
};

/** A hair, thread or swarf curl that lies on the part. */
export function fibre(plan: Fibre): Mark {
  const region = pathRegion(plan.path, plan.radius + 0.6);
  const place = startPlace();
  return (surface) => {
    const soft = surface.step;
    editSurface(surface, region, (point) => {
      const { x, y } = point;
      place.x = x;
      place.y = y;
      locateOnPath(plan.path, place);
      if (place.distance > plan.radius + soft) return;
      // Thinner than a pixel covers only a share of it.
      const reach = (plan.radius - place.distance) / soft + 0.5;
      const cover = clamp01(reach) * Math.min(1, (2 * plan.radius) / soft);
      const across = Math.min(1, place.distance / plan.radius);
      const crown = plan.radius * Math.sqrt(1 - across * across);
      const arch = plan.lift * Math.sin(Math.PI * place.along);
      coat(point, plan.material, cover);
      point.height += (crown + plan.radius + arch) * cover;
    });
  };
}
