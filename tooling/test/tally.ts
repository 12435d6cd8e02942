/** What a test runner counted. */
export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: sum.skipped + tally.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** "3 passed, 0 failed", and ", 1 skipped" where tests were skipped. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  const counted = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? counted : `${counted}, ${skipped} skipped`;
}

/**
 * The tally that a runner's exit code allows.
 *
 * A runner that failed without a failed test (a crash, an unhandled rejection,
 * a broken file, no report at all) still counts as one failure.
 */
export function tallyWithExitCode(tally: Tally | null, exitCode: number): Tally {
  if (tally === null) return { passed: 0, failed: 1, skipped: 0 };
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}
