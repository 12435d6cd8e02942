import type { Curves } from "./read-curves.ts";

/** Shares of one, at the bottom those of the first curve: value i is the sum of curves 0 to i. */
export function stackShares({ steps, curves }: Curves): (number | null)[][] {
  const stacked = curves.map(() => steps.map((): number | null => null));
  for (let at = 0; at < steps.length; at++) {
    const sum = curves.reduce((total, { values }) => total + Math.max(0, values[at] ?? 0), 0);
    if (sum <= 0) continue;
    let below = 0;
    for (const [index, { values }] of curves.entries()) {
      below += Math.max(0, values[at] ?? 0) / sum;
      const row = stacked[index];
      if (row) row[at] = below;
    }
  }
  return stacked;
}

/** The newest share of each curve, summing to 1; empty before the first. */
export function newestShares({ steps, curves }: Curves): number[] {
  const at = steps.length - 1;
  const values = curves.map((curve) => Math.max(0, curve.values[at] ?? 0));
  const sum = values.reduce((total, value) => total + value, 0);
  return sum > 0 ? values.map((value) => value / sum) : [];
}

/**
 * How many are in use: exp of the entropy of their shares. It is their number when all have the
 * same share, and 1 when one has everything.
 */
export function membersInUse(shares: readonly number[]): number {
  const entropy = shares.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
  return Math.exp(entropy);
}

/**
 * True when nearly everything goes to as few as may be active at a time, so that the others learn
 * nothing.
 */
export function isCollapsed(shares: readonly number[], active: number): boolean {
  return shares.length > active && membersInUse(shares) < active * 1.1;
}
