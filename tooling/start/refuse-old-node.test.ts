import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { REPOSITORY_ROOT } from "../repository-root.ts";
import { refuseOldNode } from "./refuse-old-node.ts";

test.each(["20.19.0", "20.20.2", "22.12.0", "22.23.3", "24.0.0", "24.21.0", "26.1.0"])(
  "Node %s will do",
  (version) => expect(() => refuseOldNode(version)).not.toThrow(),
);

test.each(["18.20.8", "20.18.3", "21.7.3", "22.11.0", "23.11.1"])(
  "Node %s is refused with what to install",
  (version) =>
    expect(() => refuseOldNode(version)).toThrow(
      `Expected Node 20.19, 22.12 or 24 or a newer version of these, got ${version}.`,
    ),
);

test("what npm is told agrees", async () => {
  const text = await readFile(join(REPOSITORY_ROOT, "package.json"), "utf8");
  const { engines } = JSON.parse(text) as { engines: { node: string } };
  expect(engines.node).toBe("^20.19.0 || ^22.12.0 || >=24.0.0");
});
