import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { inheritedEnvironment } from "../env.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;
const AUTHOR = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-hook-"));
  git("init", "--quiet");
  await symlink(join(REPOSITORY_ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, ".gitignore"), "node_modules\n");
  const rules = 'export default [{ rules: { "no-var": "error" } }];\n';
  await writeFile(join(folder, "eslint.config.js"), rules);
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function git(...args: string[]) {
  const hooks = `core.hooksPath=${join(REPOSITORY_ROOT, "tooling/hooks")}`;
  // Of a hook that runs this very test, git's variables would lead back to its own repository.
  const env = inheritedEnvironment();
  for (const name of Object.keys(env)) if (name.startsWith("GIT_")) delete env[name];
  const options = { cwd: folder, env, encoding: "utf8" } as const;
  return spawnSync("git", ["-c", hooks, ...AUTHOR, ...args], options);
}

test.skipIf(!hasGit)("what is staged is formatted in the commit, whatever its name", async () => {
  await writeFile(join(folder, "a b.js"), "export const a   = 1");
  git("add", ".");
  const commit = git("commit", "--quiet", "-m", "Add a");
  expect(commit.stderr).toBe("");
  expect(git("show", "HEAD:a b.js").stdout).toBe("export const a = 1;\n");
});

test.skipIf(!hasGit)("what breaks a rule is not committed", async () => {
  await writeFile(join(folder, "a.js"), "export var a = 1;\n");
  git("add", ".");
  const commit = git("commit", "--quiet", "-m", "Add a");
  expect(commit.status).not.toBe(0);
  expect(commit.stderr).toContain("no-var");
});

test.skipIf(!hasGit)("what is staged in part keeps its other part to itself", async () => {
  const file = join(folder, "a.js");
  await writeFile(file, "export const a   = 1;\n");
  git("add", ".");
  await writeFile(file, "export const a   = 1;\nexport const b   = 2;\n");
  const commit = git("commit", "--quiet", "-m", "Add a");
  expect(commit.stderr).toContain("only a part of it is staged: a.js");
  expect(git("show", "HEAD:a.js").stdout).toBe("export const a   = 1;\n");
  expect(await readFile(file, "utf8")).toContain("b   = 2");
});
