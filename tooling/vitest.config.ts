import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "tooling",
    include: ["**/*.test.ts"],
    // Ends what hangs; a busy machine may take its time.
    testTimeout: 60_000,
  },
});
