import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "contracts",
    include: ["src/**/*.test.ts"],
    setupFiles: ["../../tooling/test/property-seed.ts"],
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 60_000,
  },
});
