import {
  isGaugeName,
  type ProjectEventBody,
  type RunIncident,
  type RunPoint,
} from "@loupe/contracts";

export type RunCurve = { points: RunPoint[]; incidents: RunIncident[] };
type RunProgress = Extract<ProjectEventBody, { type: "run.progress" }>;

/** Where a step is in ascending points, or where it belongs. O(log n). */
function findStep(points: readonly RunPoint[], step: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.step ?? Infinity) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Add the points of a progress event to a curve: one point a step, steps ascending. */
export function applyCurveEvent(curve: RunCurve, { points: added }: RunProgress): RunCurve {
  const last = curve.points.at(-1)?.step ?? -Infinity;
  const isAppend = added.every(
    (point, index) => point.step > (index === 0 ? last : (added[index - 1]?.step ?? last)),
  );
  if (isAppend) return { ...curve, points: thinned([...curve.points, ...added]) };

  const points = [...curve.points];
  for (const point of added) {
    const at = findStep(points, point.step);
    points.splice(at, points[at]?.step === point.step ? 1 : 0, point);
  }
  return { ...curve, points };
}

/** More points than this are thinned: a long run is watched for hours. */
const MOST_POINTS = 6_000;

/** Every second point of the older half, and all with gauges, which are rare. */
function thinned(points: RunPoint[]): RunPoint[] {
  if (points.length <= MOST_POINTS) return points;
  const half = points.length / 2;
  return points.filter(
    ({ terms }, at) => at >= half || at % 2 === 0 || Object.keys(terms).some(isGaugeName),
  );
}
