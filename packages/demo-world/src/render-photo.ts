import { createRandom, mixSeed } from "@loupe/model/random";

import { blur } from "./engine/blur.ts";
import { develop, developIdeal, drawCamera, expose } from "./engine/camera.ts";
import { mountLight } from "./engine/light.ts";
import { createNoise } from "./engine/noise.ts";
import { drawPose } from "./engine/pose.ts";
import { defocus, shade } from "./engine/shade.ts";
import { createSurface } from "./engine/surface.ts";
import type { Product, Streams } from "./product.ts";

/** What to render. */
export type PhotoOrder = {
  readonly seed: number;
  /** Pixels along either side. */
  readonly size: number;
  readonly flaw: { readonly kind: string; readonly severity: number } | null;
};

/** A rendered photograph and the truth about it. */
export type Photo = {
  /** Interleaved RGB, shape [size, size, 3]. */
  readonly pixels: Uint8Array;
  /** What a sensor without noise would show, sRGB 0 to 255, shape [3, size, size]. */
  readonly ideal: Float32Array;
  /** 255 where the flaw shows, else 0, shape [size, size]; null on a good part. */
  readonly mask: Uint8Array | null;
};

/** A change of this many sRGB steps, averaged over 3 × 3 pixels, can just be seen over the noise. */
const VISIBLE_STEPS = 4;
/** Fewest pixels of a 384 px frame that a person would mark; smaller flaws are drawn again. */
const SMALLEST_MASK = 24;
const MAX_ATTEMPTS = 6;

function openStreams(seed: number): Streams {
  const random = (name: string): ReturnType<Streams["random"]> => createRandom(mixSeed(seed, name));
  return { random, noise: (name) => createNoise(random(name)) };
}

/** Where two ideal pictures differ visibly: 255, else 0. */
function visibleChange(before: Float32Array, after: Float32Array, size: number): Uint8Array {
  const area = size * size;
  const change = new Float32Array(area);
  for (let i = 0; i < area; i++) {
    for (let at = i; at < 3 * area; at += area) {
      change[i] = Math.max(change[i] ?? 0, Math.abs((after[at] ?? 0) - (before[at] ?? 0)));
    }
  }
  return Uint8Array.from(blur(change, size, 0.8), (steps) => (steps >= VISIBLE_STEPS ? 255 : 0));
}

/**
 * One photograph of a product.
 *
 * A flawed part is rendered twice, with and without the flaw, under the same pose, light and
 * camera; the mask is where the two differ visibly before noise. Outside of it the flawed picture
 * takes the good one's pixels, so that the mask is exact.
 *
 * @throws when the product has no such flaw
 */
export function renderPhoto<Design>(product: Product<Design>, order: PhotoOrder): Photo {
  const { size, seed } = order;
  const streams = openStreams(seed);
  const pose = drawPose(streams.random("pose"), product.poses);
  const light = mountLight(streams.random("light"), product.light);
  const camera = drawCamera(streams.random("camera"), product.exposure);
  const view = (design: Design): Float32Array => {
    const surface = createSurface(size, pose);
    product.paint(surface, design, streams);
    const radiance = defocus(shade(surface, light), size, (camera.focus * size) / 384);
    return expose(radiance, size, camera);
  };

  const good = view(product.design(streams));
  const goodIdeal = developIdeal(good);
  if (order.flaw === null) {
    return { pixels: develop(good, camera, streams.random("noise")), ideal: goodIdeal, mask: null };
  }

  const { kind, severity } = order.flaw;
  const spoil = product.flaws[kind];
  if (spoil === undefined) {
    const known = Object.keys(product.flaws).join(", ");
    throw new Error(`Expected a flaw of ${product.name} (${known}), got "${kind}".`);
  }
  const smallest = SMALLEST_MASK * (size / 384) ** 2;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const design = product.design(streams);
    // What is hidden by its place or the light is tried elsewhere, a little worse each time.
    const worse = severity + (1 - severity) * (attempt / MAX_ATTEMPTS);
    spoil(design, { severity: worse, random: streams.random(`flaw ${attempt}`) });
    const flawed = view(design);
    const mask = visibleChange(goodIdeal, developIdeal(flawed), size);
    const marked = mask.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
    if (marked < smallest) continue;
    const signal = flawed.map((value, at) =>
      mask[at % (size * size)] === 255 ? value : (good[at] ?? 0),
    );
    const pixels = develop(signal, camera, streams.random("noise"));
    return { pixels, ideal: developIdeal(signal), mask };
  }
  throw new Error(
    `Expected a visible "${kind}" on ${product.name} within ${MAX_ATTEMPTS} attempts at ` +
      `${size} px, got none (seed ${seed}). Render at a larger size.`,
  );
}
