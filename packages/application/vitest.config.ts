import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "application",
    include: ["src/**/*.test.ts"],
    // Use cases add jobs, so their template database has the queue's tables, as the queue's own.
    globalSetup: ["../platform/test/global-setup.ts"],
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
