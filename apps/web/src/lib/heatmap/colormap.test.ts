import { expect, test } from "vitest";

import { COLORMAP, COLORMAP_SIZE } from "./colormap.ts";
import { oklchToSrgb } from "./oklch-to-srgb.ts";

const linear = (byte: number) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

/** CIE lightness L*, 0 to 100. */
function lightness([red, green, blue]: readonly number[]): number {
  const y = 0.2126 * linear(red!) + 0.7152 * linear(green!) + 0.0722 * linear(blue!);
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

/** What someone without red cones sees, on linear RGB (Viénot, Brettel and Mollon 1999). */
function asProtanope([red, green, blue]: readonly number[]): number[] {
  const [r, g, b] = [linear(red!), linear(green!), linear(blue!)];
  const mixed = 0.11238 * r + 0.88762 * g;
  return [mixed, mixed, 0.00401 * r - 0.00401 * g + b];
}

const colours = Array.from({ length: COLORMAP_SIZE }, (_, level) => [
  ...COLORMAP.subarray(3 * level, 3 * level + 3),
]);

test("knows white, black and the primaries of the screen", () => {
  expect(oklchToSrgb(1, 0, 0)).toEqual([255, 255, 255]);
  expect(oklchToSrgb(0, 0, 0)).toEqual([0, 0, 0]);
  expect(oklchToSrgb(0.62796, 0.25768, 29.23)).toEqual([255, 0, 0]);
});

test("gets lighter with every step, in even steps", () => {
  const steps = colours.slice(1).map((colour, i) => lightness(colour) - lightness(colours[i]!));
  const over = (from: number) => steps.slice(from, from + 32).reduce((sum, step) => sum + step, 0);
  const eighths = Array.from({ length: 7 }, (_, eighth) => over(32 * eighth));
  const mean = eighths.reduce((sum, step) => sum + step, 0) / eighths.length;
  for (const eighth of eighths) {
    expect(eighth).toBeGreaterThan(0.6 * mean);
    expect(eighth).toBeLessThan(1.4 * mean);
  }
});

test("keeps its order without red cones", () => {
  const light = colours.map((colour) => asProtanope(colour)[0]!);
  for (let level = 8; level < COLORMAP_SIZE; level++) {
    expect(light[level]).toBeGreaterThan(light[level - 8]!);
  }
});
