import { existsSync } from "node:fs";

import tailwind from "@tailwindcss/postcss";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** Chromium must not talk to anyone, and root may run it only without its sandbox. */
const CHROMIUM_ARGUMENTS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];
/** As told, else where distributions put it, else Playwright's own copy. */
const chromium =
  process.env["LOUPE_CHROMIUM"] ??
  ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

/** Components in a real browser, with the product's own styles. */
export default defineConfig({
  root: import.meta.dirname,
  // Found anew each time: a dependency that turns up in the middle of a test would reload the page.
  optimizeDeps: { force: true },
  css: { postcss: { plugins: [tailwind()] } },
  test: {
    name: "web-browser",
    include: ["src/**/*.browser.test.tsx"],
    setupFiles: ["src/testing/browser-setup.ts"],
    expect: { poll: { timeout: 30_000 } },
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      viewport: { width: 1280, height: 800 },
      instances: [{ browser: "chromium" }],
      provider: playwright({
        launchOptions: {
          args: CHROMIUM_ARGUMENTS,
          ...(chromium === undefined ? {} : { executablePath: chromium }),
        },
      }),
    },
  },
});
