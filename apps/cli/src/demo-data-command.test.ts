import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Progress, UsageError } from "@loupe/model/cli";
import { expect, test } from "vitest";

import { demoDataCommand } from "./demo-data-command.ts";

const progress = new Progress(process.stderr);

test.each([
  [[], /Expected one folder to render into, got 0/],
  [["here", "there"], /Expected one folder to render into, got 2/],
  [["here", "--seed", "x"], /whole number of at least 0 for --seed, got "x"/],
])("refuses %j in one sentence", async (argv, message) => {
  const call = demoDataCommand(argv, { progress, signal: new AbortController().signal });
  await expect(call).rejects.toThrow(UsageError);
  await expect(call).rejects.toThrow(message);
});

test("writes nothing once it is interrupted", async () => {
  const dir = await mkdtemp(join(tmpdir(), "loupe-demo-"));
  const call = demoDataCommand([dir], { progress, signal: AbortSignal.abort() });
  await expect(call).rejects.toThrow(/abort/);
  expect(await readdir(dir)).toEqual([]);
  await rm(dir, { recursive: true });
});
