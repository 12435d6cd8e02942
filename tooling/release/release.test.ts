import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { release } from "./release.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;
const DATE = "2026-01-31";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "loupe-release-"))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const answer = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
  if (answer.status !== 0) throw new Error(answer.stderr);
  return answer.stdout;
}

async function write(path: string, content: string | object): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
}

async function read(path: string): Promise<string> {
  return readFile(join(folder, path), "utf8");
}

async function aClone(unreleased: string): Promise<void> {
  const root = { name: "loupe", version: "0.9.0" };
  const web = { name: "@loupe/web", version: "0.9.0", dependencies: { "@loupe/db": "0.9.0" } };
  const kept = { version: "4.0.0", dependencies: { other: "0.9.0" } };
  await write("package.json", root);
  await write("apps/web/package.json", web);
  await write("package-lock.json", {
    ...root,
    lockfileVersion: 3,
    packages: { "": root, "apps/web": web, "node_modules/kept": kept },
  });
  await write("prisma/migrations/0001_first/migration.sql", "select 1;");
  await write("CHANGELOG.md", `# Changelog\n\n## [Unreleased]\n${unreleased}`);
  git("init", "--quiet");
  git("config", "user.name", "Somebody");
  git("config", "user.email", "somebody@example.com");
  git("add", ".");
  git("commit", "--quiet", "--message", "Begin");
}

describe.skipIf(!hasGit)("a release", () => {
  test("moves the changelog, sets every version of ours, commits and tags", async () => {
    await aClone("\n### Added\n\n- A thing.\n");
    expect(await release(folder, { version: "0.10.0", date: DATE })).toBe("v0.10.0");
    const changelog = await read("CHANGELOG.md");
    expect(changelog).toMatch(
      /^# Changelog\n\n## \[Unreleased\]\n\n## \[0\.10\.0\] - 2026-01-31\n\n### Migrations\n\n.*\n\n- `0001_first`\n\n### Added\n\n- A thing\.\n$/u,
    );
    expect(JSON.parse(await read("apps/web/package.json"))).toMatchObject({
      version: "0.10.0",
      dependencies: { "@loupe/db": "0.10.0" },
    });
    expect(JSON.parse(await read("package-lock.json"))).toMatchObject({
      version: "0.10.0",
      packages: {
        "": { version: "0.10.0" },
        "apps/web": { version: "0.10.0", dependencies: { "@loupe/db": "0.10.0" } },
        "node_modules/kept": { version: "4.0.0", dependencies: { other: "0.9.0" } },
      },
    });
    expect(git("log", "--format=%s", "-1")).toBe("Release 0.10.0\n");
    expect(git("status", "--porcelain")).toBe("");
    expect(git("describe", "--exact-match")).toBe("v0.10.0\n");
  });

  test("names only the migrations that the release before did not have", async () => {
    await aClone("\n### Added\n\n- A thing.\n");
    await release(folder, { version: "1.0.0", date: DATE });
    await write("prisma/migrations/0002_second/migration.sql", "select 2;");
    const [head, rest] = (await read("CHANGELOG.md")).split("## [Unreleased]\n");
    await write("CHANGELOG.md", `${head}## [Unreleased]\n\n### Fixed\n\n- Another.\n${rest}`);
    git("add", ".");
    git("commit", "--quiet", "--message", "Go on");
    await release(folder, { version: "1.0.1", date: DATE });
    const [, newest = ""] = (await read("CHANGELOG.md")).split(/^## .*$/mu).slice(1);
    expect(newest).toContain("0002_second");
    expect(newest).not.toContain("0001_first");
    expect(newest).toContain("- Another.");
    expect(newest).not.toContain("A thing");
  });

  test.each([
    ["0.9.0", /^Expected a version above 0\.9\.0, got 0\.9\.0\.$/u],
    ["0.8.9", /^Expected a version above 0\.9\.0, got 0\.8\.9\.$/u],
    ["v1.0.0", /^Expected a version such as 1\.2\.3, got "v1\.0\.0"\.$/u],
  ])("is not made of version %s", async (version, sentence) => {
    await aClone("\n### Added\n\n- A thing.\n");
    await expect(release(folder, { version, date: DATE })).rejects.toThrow(sentence);
    expect(git("status", "--porcelain")).toBe("");
  });

  test("is not made twice: a tag that is there stops it before anything changes", async () => {
    await aClone("\n### Added\n\n- A thing.\n");
    git("tag", "v1.0.0");
    await expect(release(folder, { version: "1.0.0", date: DATE })).rejects.toThrow(
      /^Expected no tag v1\.0\.0 yet, found one\./u,
    );
    expect(git("log", "--format=%s", "-1")).toBe("Begin\n");
    expect(git("status", "--porcelain")).toBe("");
  });

  test("is not made of changes that nobody told, nor of a tree that is not clean", async () => {
    await aClone("");
    const asked = { version: "1.0.0", date: DATE };
    await expect(release(folder, asked)).rejects.toThrow(/^Expected lines under \[Unreleased\]/u);
    expect(git("status", "--porcelain")).toBe("");
    await write("new.txt", "new");
    await expect(release(folder, asked)).rejects.toThrow(/^Expected a clean working tree/u);
  });
});
