import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "apps/web/vitest.browser.config.ts", "tooling", "bench"],
    // Trainings use every core themselves: more than two at once only wait for each other.
    maxWorkers: 2,
  },
});
