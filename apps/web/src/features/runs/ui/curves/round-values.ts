/** Lines of a log axis that are still apart from each other. */
const ROOM = 8;

/**
 * The values of a log axis that get a line and a label; the others are null.
 *
 * All while they are few, else 1, 2 and 5 of each decade, and from three powers of ten on those
 * alone: all ten of a decade would be a hatching, with labels on top of each other.
 */
export function roundValues(splits: readonly number[]): (number | null)[] {
  if (splits.length <= ROOM) return [...splits];
  const hasDecades = splits.filter((split) => isRound(split, [1])).length > 2;
  const mantissas = hasDecades ? [1] : [1, 2, 5];
  return splits.map((split) => (isRound(split, mantissas) ? split : null));
}

function isRound(value: number, mantissas: readonly number[]): boolean {
  return mantissas.some((mantissa) => {
    const power = Math.log10(value / mantissa);
    return Math.abs(power - Math.round(power)) < 1e-9;
  });
}
