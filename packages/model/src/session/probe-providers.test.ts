import { expect, test } from "vitest";

import { probeProviders } from "./index.ts";

test("the processor always works, and what does not work says why", async () => {
  const probes = await probeProviders();

  expect(probes.map(({ provider }) => provider)).toEqual(["cpu", "webgpu", "cuda"]);
  expect(probes[0]).toEqual({ provider: "cpu", reason: null });
  for (const { reason } of probes.slice(1)) {
    if (reason !== null)
      expect(reason).toMatch(/^Could not open the model on |not installed: docs/);
  }
});
