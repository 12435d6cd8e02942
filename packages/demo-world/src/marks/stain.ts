import { fractal, type Noise } from "../engine/noise.ts";
import { smoothstep } from "../engine/numbers.ts";
import { around } from "../engine/shapes.ts";
import { coat, editSurface, type Material } from "../engine/surface.ts";
import type { Mark } from "../product.ts";

export type Stain = {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** 0 is round, 1 is torn. */
  readonly raggedness: number;
  readonly material: Material;
  readonly opacity: number;
  /** Width of the border over the radius: 0.05 is dried paint, 0.6 is soaked in. */
  readonly softness: number;
  /** Extra opacity of the border, where a drying drop leaves its solids. */
  readonly ring: number;
  /** Height of the middle: 0 for what soaks in. */
  readonly thickness: number;
  /** Only what lies higher than this, in units, is stained. */
  readonly floor: number;
};

/** Signed distance to a blob with a ragged border. */
export function blobDistance(
  noise: Noise,
  blob: { x: number; y: number; radius: number; raggedness: number },
  at: { x: number; y: number },
): number {
  const dx = (at.x - blob.x) / blob.radius;
  const dy = (at.y - blob.y) / blob.radius;
  const wander = fractal(noise, dx * 0.9 + 40, dy * 0.9 + 40);
  return (Math.hypot(dx, dy) - 1 - blob.raggedness * wander) * blob.radius;
}

/** A drop, smear or spot of something that does not belong there. */
export function stain(plan: Stain, noise: Noise): Mark {
  const region = around(plan, plan.radius * (1.4 + plan.raggedness));
  return (surface) => {
    const edge = Math.max(plan.softness * plan.radius, surface.step);
    editSurface(surface, region, (point) => {
      const { x, y } = point;
      const distance = blobDistance(noise, plan, { x, y });
      const inside = smoothstep(edge, -edge, distance);
      if (inside <= 0 || point.height < plan.floor) return;
      const border = Math.exp(-((distance / (0.14 * plan.radius) + 0.8) ** 2));
      const uneven = 0.85 + 0.3 * noise(x * 0.7, y * 0.7);
      coat(point, plan.material, Math.min(1, plan.opacity * inside * uneven + plan.ring * border));
      const dome = smoothstep(0.1 * plan.radius, -0.7 * plan.radius, distance);
      point.height += plan.thickness * dome;
    });
  };
}
