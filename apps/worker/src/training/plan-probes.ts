/** Shares of the run, in twelfths, at which probes are kept: denser while most changes. */
const KEPT_TICKS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 8, 10, 12]);
/** Looking costs a second on two cores, kept or not, so there are few looks that are not kept. */
const TICKS = 12;

export type ProbePlan = {
  /** The library shows its probes every so many steps. */
  readonly everySteps: number;
  /** True for the steps whose maps are stored. */
  isKept(step: number): boolean;
};

/** When the probe images of a run of this length are looked at: about a dozen times. */
export function planProbes(steps: number): ProbePlan {
  const everySteps = Math.max(1, Math.ceil(steps / TICKS));
  return {
    everySteps,
    isKept: (step) =>
      // The first step's map shows what the detector starts from.
      step <= 1 || step >= steps || (step % everySteps === 0 && KEPT_TICKS.has(step / everySteps)),
  };
}
