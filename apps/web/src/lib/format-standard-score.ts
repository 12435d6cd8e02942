/** A score in deviations (σ) above what good parts score: one decimal, whole from 100 on. */
export function formatStandardScore(score: number): string {
  if (!Number.isFinite(score)) return "–";
  // A true minus sign has the width of a digit.
  const sign = score < -0.05 ? "−" : "";
  const size = Math.abs(score);
  return `${sign}${size.toFixed(size >= 99.95 ? 0 : 1)} σ`;
}
