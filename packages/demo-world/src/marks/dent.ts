import { around } from "../engine/shapes.ts";
import { editSurface } from "../engine/surface.ts";
import type { Mark } from "../product.ts";

export type Dent = {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly depth: number;
  /** Length over width. */
  readonly aspect: number;
  readonly angle: number;
};

/** A pressed hollow with a raised rim; the material stays what it was. */
export function dent(plan: Dent): Mark {
  const region = around(plan, plan.radius * plan.aspect * 2);
  const cos = Math.cos(plan.angle);
  const sin = Math.sin(plan.angle);
  return (surface) => {
    editSurface(surface, region, (point) => {
      const { x, y } = point;
      const dx = x - plan.x;
      const dy = y - plan.y;
      const u = (cos * dx + sin * dy) / (plan.radius * plan.aspect);
      const v = (cos * dy - sin * dx) / plan.radius;
      const distance = Math.hypot(u, v);
      if (distance > 2) return;
      const hollow = Math.exp(-((distance / 0.72) ** 3));
      const rim = Math.exp(-((distance - 1.12) ** 2) * 22);
      point.height += plan.depth * (0.16 * rim - hollow);
    });
  };
}
