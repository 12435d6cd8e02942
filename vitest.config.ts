import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "apps/web/vitest.browser.config.ts", "tooling", "bench"],
    // Trainings use every core themselves: more than two at once only wait for each other.
    maxWorkers: 2,
    coverage: {
      // Also what no test loads.
      include: ["{apps,packages}/*/src/**/*.{ts,tsx}", "tooling/**/*.ts"],
      exclude: ["**/*.test.{ts,tsx}", "**/testing/**", "**/generated/**", "**/*.d.ts"],
    },
  },
});
