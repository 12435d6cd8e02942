export type ScheduleOptions = {
  /** Rate after the warm-up. */
  readonly peak: number;
  readonly steps: number;
  readonly warmUpSteps?: number;
  /** Rate at the end; 0 when not given. */
  readonly floor?: number;
};

/** The learning rate of step 0, 1, 2, …. */
export type Schedule = (step: number) => number;

/**
 * Linear warm-up to `peak`, then half a cosine down to `floor` (Loshchilov & Hutter 2017).
 *
 * Step k < w has the rate peak (k + 1) / w; afterwards it is
 * floor + (peak − floor) (1 + cos(π (k − w) / (steps − w))) / 2.
 */
export function warmUpCosine(options: ScheduleOptions): Schedule {
  const { peak, steps, warmUpSteps = 0, floor = 0 } = options;
  return (step) => {
    if (step < warmUpSteps) return (peak * (step + 1)) / warmUpSteps;
    const progress = Math.min((step - warmUpSteps) / Math.max(1, steps - warmUpSteps), 1);
    return floor + ((peak - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
  };
}

/**
 * Linear warm-up to `peak`, the peak for most of the run, then a straight line down to 0 at the end.
 *
 * Unlike half a cosine, all but the end does not depend on the number of steps, so a run can be
 * made longer or shorter while it goes on.
 */
export function warmUpLinear(options: {
  readonly peak: number;
  readonly steps: number;
  readonly warmUpSteps: number;
  readonly decaySteps: number;
}): Schedule {
  const { peak, steps, warmUpSteps, decaySteps } = options;
  return (step) =>
    peak * Math.min(1, (step + 1) / warmUpSteps, Math.max(0, steps - step) / decaySteps);
}
