import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "db",
    include: ["src/**/*.test.ts"],
    globalSetup: ["./src/testing/global-setup.ts"],
    setupFiles: ["../../tooling/test/property-seed.ts"],
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
