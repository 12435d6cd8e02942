import { ExpectedFailure } from "../process/expected-failure.ts";

/** The first version that will do, of each line that is supported; see `engines` in package.json. */
const FIRST_OF_LINE: Readonly<Record<number, readonly [minor: number, patch: number]>> = {
  20: [19, 0],
  22: [12, 0],
  24: [0, 0],
};
const NEWEST_LINE = 24;

/**
 * Throw a sentence when Loupe is known not to run on this Node.
 *
 * Newer ones than we have tried are let through: npm says what it thinks of them.
 */
export function refuseOldNode(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const first = FIRST_OF_LINE[major];
  const isTooOld = first === undefined ? major < NEWEST_LINE : minor < first[0];
  if (!isTooOld) return;
  throw new ExpectedFailure(
    `Expected Node 20.19, 22.12 or 24 or a newer version of these, got ${version}. Install one of them, such as the newest 24.`,
  );
}
