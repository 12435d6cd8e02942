import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { closeHome } from "./close-home.ts";

let parent = "";
let home = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "loupe-home-"));
  home = join(parent, "home");
  await mkdir(join(home, "blobs/sha256/ab"), { recursive: true, mode: 0o755 });
  await mkdir(join(home, "logs"), { mode: 0o755 });
  await writeFile(join(home, "blobs/sha256/ab/abcd"), "a part", { mode: 0o644 });
  await writeFile(join(home, "processes.json"), "{}", { mode: 0o644 });
});
afterEach(async () => rm(parent, { recursive: true, force: true }));

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test("a home of an earlier version is its owner's alone afterwards, to the last file", async () => {
  await closeHome(home);
  expect(await modeOf(home)).toBe("700");
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    const mode = await modeOf(join(entry.parentPath, entry.name));
    expect(mode, entry.name).toBe(entry.isDirectory() ? "700" : "600");
  }
});

test("what is not ours stays as it is: other files, the database, what links point to", async () => {
  const outside = join(parent, "outside.txt");
  await writeFile(outside, "x", { mode: 0o644 });
  await symlink(outside, join(home, "blobs/link"));
  await mkdir(join(home, "thesis"), { mode: 0o755 });
  await mkdir(join(home, "postgres"), { mode: 0o750 });
  await closeHome(home);
  expect(await modeOf(outside)).toBe("644");
  expect(await modeOf(join(home, "thesis"))).toBe("755");
  expect(await modeOf(join(home, "postgres"))).toBe("750");
});

test("a home that lets the database's account pass is left so", async () => {
  await chmod(home, 0o710);
  await closeHome(home);
  expect(await modeOf(home)).toBe("710");
});
