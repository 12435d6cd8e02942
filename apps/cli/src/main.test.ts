import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const TSX = createRequire(import.meta.url).resolve("tsx");

const loupe = (...args: string[]) =>
  promisify(execFile)(process.execPath, ["--import", TSX, MAIN, ...args]);

test("the usage lists the demo world beside the library's commands", async () => {
  const { stdout } = await loupe("--help");
  const commands = [...stdout.split("\n\n")[1]!.matchAll(/^ {2}([a-z-]+) /gm)].map(
    ([, name]) => name,
  );
  expect(commands).toEqual([
    ...["train", "eval", "score", "probe", "ablate", "encoders", "demo-data", "distill"],
  ]);
});

test("demo-data is called with what stands after its name", async () => {
  await expect(loupe("demo-data", "here", "there")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Expected one folder to render into, got 2.") as string,
  });
});
