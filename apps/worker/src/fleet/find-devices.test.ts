import { createLogger } from "@loupe/platform";
import { expect, test } from "vitest";

import { findDevices } from "./find-devices.ts";

const logger = createLogger("test", { level: "silent" });

test("offers the processor alone where nothing else is allowed", async () => {
  const devices = await findDevices(["cpu"], logger);
  expect(devices).toEqual([
    { provider: "cpu", device: expect.stringMatching(/\d+ cores$/) as string },
  ]);
});
