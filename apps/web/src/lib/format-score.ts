/**
 * A raw anomaly score with three significant digits and no exponent in the usual range, so that
 * scores of one model line up in a column.
 */
export function formatScore(score: number): string {
  if (!Number.isFinite(score)) return "–";
  const size = Math.abs(score);
  if (size !== 0 && size < 0.001) return score.toExponential(1);
  if (size >= 100) return score.toFixed(0);
  return score.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}
