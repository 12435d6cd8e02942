import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "db",
    include: ["src/**/*.test.ts"],
    globalSetup: ["./src/testing/global-setup.ts"],
    setupFiles: ["../../tooling/test/property-seed.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
