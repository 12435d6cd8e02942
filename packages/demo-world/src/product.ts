import type { Random } from "@loupe/model/random";

import type { LightPlan } from "./engine/light.ts";
import type { Noise } from "./engine/noise.ts";
import type { PoseRange } from "./engine/pose.ts";
import type { Surface } from "./engine/surface.ts";

/** A change of the finished surface: a scratch, a stain, a hair. */
export type Mark = (surface: Surface) => void;

/** Seeded streams of one picture. A name gives the same stream each time it is asked for. */
export type Streams = {
  random(name: string): Random;
  noise(name: string): Noise;
};

/** What went wrong with a part. */
export type Flaw = {
  /** 0 is barely visible, 1 is as bad as it gets. */
  readonly severity: number;
  readonly random: Random;
};

/** A product as its draughtsman and its line's setter know it. */
export interface Product<Design> {
  /** Folder name. */
  readonly name: string;
  readonly poses: PoseRange;
  readonly light: LightPlan;
  /** Gain that puts the product's mid-tones in the middle of the sensor's range. */
  readonly exposure: number;
  /** The part as meant, with the tolerances of one specimen. */
  design(streams: Streams): Design;
  /** What can go wrong, by kind: each spoils the design of one specimen. */
  readonly flaws: Readonly<Record<string, (design: Design, flaw: Flaw) => void>>;
  paint(surface: Surface, design: Design, streams: Streams): void;
}
