import { test as base } from "@playwright/test";

import { makeHome, startLoupe, type RunningLoupe } from "./start-loupe.ts";

type TestFixtures = {
  /** Start a Loupe of the test's own; it is gone after the test, also after a failed one. */
  readonly startOwn: typeof startLoupe;
};

type WorkerFixtures = {
  /** The real product, started once and shared by the journeys. */
  readonly loupe: RunningLoupe;
};

const START_LIMIT_MS = 300_000;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  startOwn: async ({}, use) => {
    const started: RunningLoupe[] = [];
    await use(async (home, demo) => {
      const loupe = await startLoupe(home, demo);
      started.push(loupe);
      return loupe;
    });
    // The last first: an earlier one may have had the same home.
    for (const loupe of started.toReversed()) await loupe.remove();
  },
  loupe: [
    async ({}, use) => {
      const loupe = await startLoupe(await makeHome());
      await use(loupe);
      await loupe.stop();
    },
    { scope: "worker", timeout: START_LIMIT_MS },
  ],
});
