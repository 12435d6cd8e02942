import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "web",
    include: ["src/**/*.test.{ts,tsx}"],
    exclude: ["src/**/*.browser.test.tsx"],
    environment: "node",
    setupFiles: ["../../tooling/test/property-seed.ts"],
    globalSetup: ["./src/testing/global-setup.ts"],
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
