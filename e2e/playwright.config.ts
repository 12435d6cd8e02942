import { defineConfig } from "@playwright/test";

import { environment } from "./env.ts";

const { LOUPE_CHROMIUM, CI } = environment();

/** Chromium must not talk to anyone but Loupe, and root may run it only without its sandbox. */
const CHROMIUM_ARGUMENTS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  // One product on one machine: journeys that run beside each other only wait for each other.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: CI,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      args: CHROMIUM_ARGUMENTS,
      ...(LOUPE_CHROMIUM === undefined ? {} : { executablePath: LOUPE_CHROMIUM }),
    },
  },
});
