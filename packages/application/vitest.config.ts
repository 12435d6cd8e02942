import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "application",
    include: ["src/**/*.test.ts"],
    globalSetup: ["./test/global-setup.ts"],
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
