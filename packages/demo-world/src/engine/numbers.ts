import type { Random } from "@loupe/model/random";

export const clamp01 = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);

export const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

/** Hermite ramp: 0 below `low`, 1 above `high`. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = clamp01((value - low) / (high - low));
  return t * t * (3 - 2 * t);
}

/** Uniform in [low, high). */
export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform();

/** −1 or 1. */
export const sign = (random: Random): number => (random.uniform() < 0.5 ? -1 : 1);

/** One of the choices. @throws when there is none */
export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[random.integer(choices.length)];
  if (choice === undefined)
    throw new Error("Expected at least one thing to choose from, got none.");
  return choice;
}
