export type Bins = {
  /** Edges, ascending, shape [bins + 1]. */
  readonly edges: readonly number[];
  /** Counts of each group, shape [groups][bins]. */
  readonly counts: readonly (readonly number[])[];
};

/** Count several groups of scores in the same bins of equal width; null when there are no scores. */
export function binScores(groups: readonly (readonly number[])[], bins: number): Bins | null {
  const all = groups.flat().filter(Number.isFinite);
  if (all.length === 0) return null;
  let min = Infinity;
  let max = -Infinity;
  for (const score of all) {
    if (score < min) min = score;
    if (score > max) max = score;
  }
  if (!hasRoomFor(bins, min, max)) {
    min -= 0.5;
    max += 0.5;
  }
  const width = (max - min) / bins;
  const counts = groups.map((scores) => {
    const row = Array.from({ length: bins }, () => 0);
    for (const score of scores) {
      if (!Number.isFinite(score)) continue;
      const bin = Math.min(bins - 1, Math.floor((score - min) / width));
      row[bin] = (row[bin] ?? 0) + 1;
    }
    return row;
  });
  return { edges: Array.from({ length: bins + 1 }, (_, i) => min + i * width), counts };
}

/** Whether every bin has a width that is not lost in rounding: equal scores, and nearly equal ones, have none. */
function hasRoomFor(bins: number, min: number, max: number): boolean {
  const width = (max - min) / bins;
  const coarsest = Math.max(Math.abs(min), Math.abs(max), Number.MIN_VALUE / Number.EPSILON);
  return width > coarsest * Number.EPSILON;
}
