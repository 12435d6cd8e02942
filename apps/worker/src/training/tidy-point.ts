import { gaugeStride, isGaugeName, type RunPoint } from "@loupe/contracts";

/** True for a point with at least one gauge. */
export function hasGauges({ terms }: RunPoint): boolean {
  return Object.keys(terms).some(isGaugeName);
}

/** The point with the parts of its loss alone. */
export function withoutGauges(point: RunPoint): RunPoint {
  return hasGauges(point) ? keepTerms(point, (name) => !isGaugeName(name)) : point;
}

/**
 * A point as it is kept: gauges only at every `gaugeStride`-th step and the last one, and finite
 * numbers only, since others have no place in JSON.
 */
export function tidyPoint(point: RunPoint, steps: number): RunPoint {
  const isGauged = point.step % gaugeStride(steps) === 0 || point.step >= steps;
  return keepTerms(
    point,
    (name, value) => Number.isFinite(value) && (isGauged || !isGaugeName(name)),
  );
}

function keepTerms(point: RunPoint, isKept: (name: string, value: number) => boolean): RunPoint {
  const terms = Object.entries(point.terms).filter(([name, value]) => isKept(name, value));
  return { ...point, terms: Object.fromEntries(terms) };
}
