import type { CurveScale } from "./smooth-curve.ts";

export type SplitChoice = {
  readonly scale: CurveScale;
  /** How many labels there is room for. */
  readonly room: number;
  /** Steps are counted: lines between them would be of nothing. Default 0, any distance. */
  readonly leastApart?: number;
};

/** Rounding of the least share of a line's distance counts as being in the range. */
const SLACK = 1e-9;
/** Digits that survive a product of a line's number and their distance. */
const DIGITS = 12;
const MANTISSAS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * Where an axis has its lines: round values in its range, ascending.
 *
 * uPlot's own search steps on from line to line, and on a log axis that begins just below a power
 * of ten (0.0095) rounds every step to zero and never ends. Here lines are counted, so there are
 * never more than ten for each label that has room, whatever the range.
 */
export function axisSplits(min: number, max: number, choice: SplitChoice): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max) return [];
  const room = Number.isFinite(choice.room) ? Math.max(1, Math.floor(choice.room)) : 1;
  if (choice.scale === "log" && min > 0) {
    const splits = logSplits(min, max, room);
    // Less than a decade may hold no round power at all.
    if (splits.length > 1) return splits;
  }
  return linearSplits([min, max], room, choice.leastApart ?? 0);
}

function linearSplits([min, max]: [number, number], room: number, leastApart: number): number[] {
  const apart = Math.max(roundUp((max - min) / room), leastApart);
  if (!(apart > 0) || !Number.isFinite(apart)) return min === max ? [min] : [];
  const first = Math.ceil(min / apart - SLACK);
  const count = Math.min(Math.floor(max / apart + SLACK) - first + 1, room + 2);
  const splits: number[] = [];
  for (let at = 0; at < count; at++) {
    // Adding zero makes 0 of −0.
    const split = Number(((first + at) * apart).toPrecision(DIGITS)) + 0;
    const isNext = split > (splits.at(-1) ?? -Infinity);
    if (isNext && split >= min && split <= max) splits.push(split);
  }
  return splits;
}

/** The least of 1, 2 and 5 times a power of ten that is not below the value. */
function roundUp(value: number): number {
  const power = Math.floor(Math.log10(value));
  const candidates = [1, 2, 5, 10].map((mantissa) => mantissa * 10 ** power);
  return candidates.find((candidate) => candidate >= value * (1 - SLACK)) ?? 0;
}

function logSplits(min: number, max: number, room: number): number[] {
  const [low, high] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const stride = Math.max(1, Math.ceil((high - low) / room));
  const mantissas = stride === 1 ? MANTISSAS : [1];
  const splits: number[] = [];
  for (let power = Math.ceil(low / stride) * stride; power <= high; power += stride) {
    // Read as text, since 10 ** -24 is not quite 1e-24.
    splits.push(...mantissas.map((mantissa) => Number(`${mantissa}e${power}`)));
  }
  return splits.filter((split) => split >= min && split <= max);
}
