import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { inheritedEnvironment } from "../env.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "loupe-launcher-"))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** Run the launcher with a module before it, until it ends. */
async function launch(preload: string): Promise<{ code: number | null; output: string }> {
  const file = join(folder, "preload.mjs");
  await writeFile(file, preload);
  const launcher = spawn(
    process.execPath,
    ["--import", file, "--import", "tsx", "tooling/start/main.ts"],
    {
      cwd: REPOSITORY_ROOT,
      env: inheritedEnvironment({ LOUPE_HOME: folder, PORT: "0", DATABASE_URL: "" }),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(launcher, "close")) as [number | null];
  return { code, output };
}

/** Throws in the launcher itself once the database runs. */
const FAULT_AFTER_DATABASE = `
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text, ...rest) => {
    if (String(text).startsWith("Database: embedded")) setImmediate(() => { throw new Error("a fault of ours"); });
    return write(text, ...rest);
  };`;

test("a fault of the launcher's own stops the database in order, and is told", async () => {
  const { code, output } = await launch(FAULT_AFTER_DATABASE);
  expect(output).toContain("Database: embedded PostgreSQL");
  expect(output).toContain("Error: a fault of ours");
  expect(code).toBe(1);
  // PostgreSQL removes it when it has been asked to stop, and leaves it when it is killed.
  await expect(access(join(folder, "postgres/postmaster.pid"))).rejects.toThrow("ENOENT");
  expect(await readFile(join(folder, "postgres/PG_VERSION"), "utf8")).toMatch(/^\d+/);
}, 120_000);

test("a disk without room is one sentence, before anything starts", async () => {
  const full = `import fs from "node:fs/promises"; import { syncBuiltinESMExports } from "node:module";
    const statfs = fs.statfs;
    fs.statfs = async (...args) => ({ ...(await statfs(...args)), bsize: 4096, blocks: 1e6, bfree: 5, bavail: 5 });
    syncBuiltinESMExports();`;
  const { code, output } = await launch(full);
  expect(output.trim()).toBe(
    `The disk of ${folder} is full: Loupe needs 192 MiB to start, and 0 MiB are free. Make room ` +
      "there, or set LOUPE_HOME to a folder on another disk.",
  );
  expect(code).toBe(1);
}, 60_000);
