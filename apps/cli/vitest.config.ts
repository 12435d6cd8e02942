import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "cli",
    include: ["src/**/*.test.ts"],
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 120_000,
  },
});
