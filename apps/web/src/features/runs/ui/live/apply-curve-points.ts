import { isGaugeName, type RunIncident, type RunPoint, type Telemetry } from "@loupe/contracts";

/** The answer of `runs.curve`, and what has come since. */
export type RunCurve = {
  readonly points: RunPoint[];
  readonly incidents: RunIncident[];
  /** Of what was taken in an earlier attempt, later points were dropped. */
  readonly attempt: number;
};
type ToldPoints = Extract<Telemetry, { type: "run.points" }>;

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

/** The step up to which a curve has every point that there was: from here it goes on. */
export function lastStep({ points }: Pick<RunCurve, "points">): number {
  return points.at(-1)?.step ?? 0;
}

/**
 * Add the points that a worker tells to a curve.
 *
 * @returns null when some are missing before them, or they are of an attempt that the curve does not
 *   know: then the curve must be read on
 */
export function applyCurvePoints(curve: RunCurve, told: ToldPoints): RunCurve | null {
  if (told.attempt < curve.attempt) return curve;
  if (told.attempt > curve.attempt) return null;
  if (told.step <= lastStep(curve) && told.points.length === 0) return curve;
  if (told.points.length === 0 || told.afterStep > lastStep(curve)) return null;
  return { ...curve, points: addPoints(curve.points, told.points) };
}

/**
 * Add what was read after a curve's last step.
 *
 * @returns null when the run was taken over or went back meanwhile: then the curve must be read anew
 */
export function joinCurves(curve: RunCurve, later: RunCurve): RunCurve | null {
  const isSameRun =
    curve.attempt === later.attempt && curve.incidents.length === later.incidents.length;
  return isSameRun ? { ...curve, points: addPoints(curve.points, later.points) } : null;
}

/** One point a step, steps ascending. */
function addPoints(known: RunPoint[], added: readonly RunPoint[]): RunPoint[] {
  const last = known.at(-1)?.step ?? -Infinity;
  const isAppend = added.every(
    (point, index) => point.step > (index === 0 ? last : (added[index - 1]?.step ?? last)),
  );
  if (isAppend) return thinned([...known, ...added]);

  const points = [...known];
  for (const point of added) {
    const at = findStep(points, point.step);
    points.splice(at, points[at]?.step === point.step ? 1 : 0, point);
  }
  return points;
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
