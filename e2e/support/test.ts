import { test as base } from "@playwright/test";

import { makeHome, startLoupe, type RunningLoupe } from "./start-loupe.ts";

type Fixtures = {
  /** The real product, started once and shared by the journeys. */
  readonly loupe: RunningLoupe;
};

const START_LIMIT_MS = 300_000;

export const test = base.extend<object, Fixtures>({
  loupe: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from it what a fixture needs
    async ({}, use) => {
      const loupe = await startLoupe(await makeHome());
      await use(loupe);
      await loupe.stop();
    },
    { scope: "worker", timeout: START_LIMIT_MS },
  ],
});
