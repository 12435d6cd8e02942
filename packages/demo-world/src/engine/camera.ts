import { type Random, sample } from "@loupe/model/random";

import { between, clamp01 } from "./numbers.ts";
import type { Radiance } from "./shade.ts";

/** One exposure's settings; the same for a good and a defective view of a part. */
export type Camera = {
  /** Standard deviation of the defocus, in pixels of a 384 px frame. */
  readonly focus: number;
  /** Gain of each channel: exposure times white balance. */
  readonly gains: readonly [number, number, number];
  /** Loss of light in the corners, 0 to 1. */
  readonly vignette: number;
  /** Uneven lamps: relative change from the middle to an edge, along x and y. */
  readonly slopeX: number;
  readonly slopeY: number;
  /** Electrons at full scale: shot noise is the root of the count. */
  readonly fullWell: number;
  /** Noise of the read-out, as a share of full scale. */
  readonly readNoise: number;
};

export function drawCamera(random: Random, exposure: number): Camera {
  const gain = exposure * between(random, 0.94, 1.06);
  const warmth = between(random, -0.025, 0.025);
  return {
    focus: between(random, 0.5, 0.85) + (random.uniform() < 0.08 ? between(random, 0.1, 0.35) : 0),
    gains: [gain * (1 + warmth), gain * (1 + between(random, -0.008, 0.008)), gain * (1 - warmth)],
    vignette: between(random, 0.06, 0.16),
    slopeX: between(random, -0.07, 0.07),
    slopeY: between(random, -0.07, 0.07),
    fullWell: between(random, 5000, 9000),
    readNoise: between(random, 0.0012, 0.0024),
  };
}

/** Above this the response bends, as a camera's knee does, so that glints keep their shape. */
const KNEE = 0.72;
const RANGE = 1 - KNEE;

function bend(linear: number): number {
  return linear < KNEE ? linear : KNEE + RANGE * (1 - Math.exp((KNEE - linear) / RANGE));
}

const ENCODED = Float32Array.from({ length: 4097 }, (_, k) => {
  const linear = k / 4096;
  const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return 255 * encoded;
});

/** sRGB bytes, not rounded, of a linear value (IEC 61966-2-1), by table. */
function encode(linear: number): number {
  const place = clamp01(linear) * 4096;
  const k = Math.min(4095, Math.floor(place));
  const low = ENCODED[k] ?? 0;
  return low + ((ENCODED[k + 1] ?? 0) - low) * (place - k);
}

/** Linear sensor signal of the radiance: gains, uneven lamps, vignette. Shape [3, size, size]. */
export function expose(radiance: Radiance, size: number, camera: Camera): Float32Array {
  const area = size * size;
  const signal = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    const x = (2 * (i % size)) / size - 1;
    const y = (2 * Math.floor(i / size)) / size - 1;
    const evenness = 1 + camera.slopeX * x + camera.slopeY * y;
    const gain = evenness * (1 - camera.vignette * 0.5 * (x * x + y * y));
    signal[i] = (radiance.red[i] ?? 0) * gain * camera.gains[0];
    signal[i + area] = (radiance.green[i] ?? 0) * gain * camera.gains[1];
    signal[i + 2 * area] = (radiance.blue[i] ?? 0) * gain * camera.gains[2];
  }
  return signal;
}

/** The picture that a sensor without noise would show: sRGB 0 to 255, not rounded. */
export const developIdeal = (signal: Float32Array): Float32Array =>
  signal.map((value) => encode(bend(value)));

/**
 * The photograph: shot and read noise, response curve, sRGB bytes.
 *
 * Neighbouring pixels share a third of their noise, as they do after a colour filter array has
 * been interpolated.
 *
 * @returns interleaved RGB, shape [size, size, 3]
 */
export function develop(signal: Float32Array, camera: Camera, random: Random): Uint8Array {
  const area = signal.length / 3;
  const bytes = new Uint8Array(signal.length);
  const draws = sample({ kind: "normal" }, [signal.length], random.bits()).data;
  for (let channel = 0; channel < 3; channel++) {
    let carried = 0;
    for (let i = 0; i < area; i++) {
      const value = signal[channel * area + i] ?? 0;
      const deviation = Math.sqrt(Math.max(0, value) / camera.fullWell + camera.readNoise ** 2);
      const fresh = Number(draws[channel * area + i] ?? 0);
      const noisy = value + deviation * (0.86 * fresh + 0.5 * carried);
      carried = fresh;
      bytes[3 * i + channel] = Math.round(encode(bend(noisy)));
    }
  }
  return bytes;
}
