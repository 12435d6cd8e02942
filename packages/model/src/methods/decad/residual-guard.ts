/** Steps whose largest residual is the level that later ones are held to. */
const EARLY_STEPS = 20;
/** A residual this many times its early level, and above the least, is no longer solved. */
const GROWTH = 10;
const LEAST = 0.05;

/**
 * Watches the solver of an invertible network: a run whose residual grows has left the map that
 * can be inverted, and its anomaly maps would mean nothing.
 *
 * @returns one sentence that stops the run, or null
 */
export function residualGuard(): (
  terms: Readonly<Record<string, number>>,
  step: number,
) => string | null {
  let seen = 0;
  let early = 0;
  return (terms, step) => {
    const residual = terms["solver/residual"];
    if (residual === undefined) return null;
    if (seen < EARLY_STEPS) {
      seen++;
      early = Math.max(early, residual);
    }
    const isLost = residual > LEAST && residual > GROWTH * early;
    if (Number.isFinite(residual) && !isLost) return null;
    return (
      `The solver's residual grew to ${residual.toPrecision(2)} at step ${step} (early on it was ` +
      `${early.toPrecision(2)}), so tokens no longer come back from latent space. Lower the ` +
      "learning rate or lipschitz, or raise iterations."
    );
  };
}
