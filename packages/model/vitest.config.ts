import { defineConfig } from "vitest/config";

import { softwareGpuEnvironment } from "./src/testing/software-gpu.ts";

export default defineConfig({
  test: {
    name: "model",
    include: ["src/**/*.test.ts"],
    setupFiles: ["./src/testing/no-leaks.ts", "../../tooling/test/property-seed.ts"],
    // A session's thread starts in 0.3 s alone and in several when the machine is busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: softwareGpuEnvironment(),
  },
});
