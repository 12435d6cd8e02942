import type { CurveScale } from "./smooth-curve.ts";

/** Beyond it numbers have no room left to be padded or divided. */
const LARGEST = 1e300;
/** The powers of ten between which a log axis lies. */
const POWERS = { least: -305, most: 305 };

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/**
 * An axis' range, a little beyond the least and the greatest of its values.
 *
 * Finite and not empty whatever the values are; on a log axis greater than zero.
 *
 * @param min null, like `max`, when there are no values
 */
export function axisRange(
  min: number | null,
  max: number | null,
  scale: CurveScale,
): [number, number] {
  const isKnown = min !== null && max !== null && min <= max;
  if (scale === "log") return isKnown && min > 0 ? logRange(min, max) : [0.1, 1];
  return isKnown ? linearRange(min, max) : [0, 1];
}

function linearRange(min: number, max: number): [number, number] {
  const [low, high] = [within(min, -LARGEST, LARGEST), within(max, -LARGEST, LARGEST)];
  const greatest = Math.max(Math.abs(low), Math.abs(high));
  const pad = Math.max((high - low) * 0.08, greatest * 0.02, 1e-9);
  return [low - pad, high + pad];
}

function logRange(min: number, max: number): [number, number] {
  const [low, high] = [min, max].map((value) =>
    within(Math.log10(value), POWERS.least + 1, POWERS.most - 1),
  ) as [number, number];
  const pad = Math.max(0.04, (high - low) * 0.08);
  return [
    10 ** within(low - pad, POWERS.least, POWERS.most),
    10 ** within(high + pad, POWERS.least, POWERS.most),
  ];
}
