import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "demo-world",
    include: ["src/**/*.test.ts"],
    setupFiles: ["../../tooling/test/property-seed.ts"],
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
