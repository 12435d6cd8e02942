import type { Random } from "@loupe/model/random";

import { between } from "./numbers.ts";

/** A bright shape that reflections show, as a spherical Gaussian (Green 2006). */
export type Lobe = {
  /** Unit direction towards it: x right, y down, z to the camera. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Large is a small lamp; 8 is a softbox of about 30 degrees. */
  readonly sharpness: number;
  readonly radiance: number;
};

/** Lamps over the table. */
export type Light = {
  /** Place of the main lamp in units. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly power: number;
  /** Width of the half shadow: 0 is a point, 1 a large softbox. */
  readonly softness: number;
  /** Light from everywhere. */
  readonly ambient: number;
  readonly lobes: readonly Lobe[];
};

/** A station's lamps before the tolerances of mounting and ageing. */
export type LightPlan = {
  /** Direction that the main lamp shines from, in radians from the x axis, y down. */
  readonly azimuth: number;
  /** Height of the lamp over the table, in radians. */
  readonly elevation: number;
  /** Distance in units: near lamps light one side more. */
  readonly distance: number;
  readonly power: number;
  readonly softness: number;
  readonly ambient: number;
  readonly lobes: readonly {
    readonly azimuth: number;
    readonly elevation: number;
    readonly sharpness: number;
    readonly radiance: number;
  }[];
};

/** The plan's lamps with a few degrees and percent of jitter. */
export function mountLight(random: Random, plan: LightPlan): Light {
  const azimuth = plan.azimuth + between(random, -0.14, 0.14);
  const elevation = plan.elevation + between(random, -0.06, 0.06);
  const flat = plan.distance * Math.cos(elevation);
  return {
    x: flat * Math.cos(azimuth),
    y: flat * Math.sin(azimuth),
    z: plan.distance * Math.sin(elevation),
    power: plan.power * between(random, 0.93, 1.07),
    softness: plan.softness,
    ambient: plan.ambient * between(random, 0.92, 1.08),
    lobes: plan.lobes.map((lobe) => {
      const turn = lobe.azimuth + between(random, -0.1, 0.1);
      const rise = lobe.elevation + between(random, -0.05, 0.05);
      return {
        x: Math.cos(rise) * Math.cos(turn),
        y: Math.cos(rise) * Math.sin(turn),
        z: Math.sin(rise),
        sharpness: lobe.sharpness,
        radiance: lobe.radiance * between(random, 0.94, 1.06),
      };
    }),
  };
}
