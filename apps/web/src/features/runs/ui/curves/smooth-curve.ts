/** Share of the newest value in the running mean. */
const NEWEST = 0.15;

export type CurveScale = "log" | "linear";

/**
 * Running mean of a curve, m ← m + a (x − m), started without the pull towards the first value
 * (division by 1 − (1 − a)ᵗ, as Adam does with its moments).
 *
 * On a log scale it is the geometric mean, the one that looks like a mean there. Gaps stay gaps.
 *
 * @param values greater than 0 where the scale is logarithmic
 */
export function smoothCurve(
  values: readonly (number | null)[],
  scale: CurveScale,
): (number | null)[] {
  const isLog = scale === "log";
  let mean = 0;
  let weight = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean += NEWEST * ((isLog ? Math.log(value) : value) - mean);
    weight += NEWEST * (1 - weight);
    return isLog ? Math.exp(mean / weight) : mean / weight;
  });
}
