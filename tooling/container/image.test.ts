import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { REPOSITORY_ROOT } from "../repository-root.ts";
import { refuseOldNode } from "../start/refuse-old-node.ts";
import { isKeptOut } from "./is-kept-out.ts";

/** @file What can be known of the image without building it: see docs/container.md. */

const BUILD_FOLDER = "/loupe";
/** Higher than any minor version: the newest of a line. */
const NEWEST = "999.0";

let dockerfile = "";
let dockerignore = "";
let entry = "";
beforeAll(async () => {
  const read = (path: string) => readFile(join(REPOSITORY_ROOT, path), "utf8");
  dockerfile = (await read("Dockerfile")).replaceAll("\\\n", " ");
  dockerignore = await read(".dockerignore");
  entry = await read("tooling/container/entry.sh");
});

const isThere = (path: string) => existsSync(join(REPOSITORY_ROOT, path));

function instructions(name: string): string[] {
  return [...dockerfile.matchAll(new RegExp(`^${name} (.*)$`, "gmu"))].map(([, rest]) => rest!);
}

describe("Dockerfile", () => {
  test("starts from Nodes that Loupe runs on, the same one in every stage", () => {
    const images = instructions("FROM").map((from) => from.split(" ")[0]!);
    expect(images.length).toBeGreaterThan(1);
    expect(new Set(images).size).toBe(1);
    const version = /^node:(\d+(?:\.\d+){0,2})-/u.exec(images[0]!)?.[1] ?? "";
    expect(() =>
      refuseOldNode(/^\d+$/u.test(version) ? `${version}.${NEWEST}` : version),
    ).not.toThrow();
  });

  test("copies what is there and what .dockerignore lets in", () => {
    const copies = instructions("COPY");
    expect(copies.length).toBeGreaterThan(1);
    for (const copy of copies) {
      const isFromBuild = copy.startsWith("--from=build ");
      const sources = copy
        .split(" ")
        .filter((word) => !word.startsWith("--"))
        .slice(0, -1);
      for (const source of sources) {
        const path = isFromBuild ? source.replace(`${BUILD_FOLDER}/`, "") : source;
        // Of what the build makes, node_modules is all that is copied by name.
        if (path === "." || (isFromBuild && path === "node_modules")) continue;
        expect(isThere(path), `${path} of COPY ${copy}`).toBe(true);
        expect(isKeptOut(path, dockerignore), `${path} of COPY ${copy}`).toBe(false);
      }
    }
  });

  test("gives npm ci the manifest of every workspace", async () => {
    const whole = dockerfile.indexOf("COPY . .");
    expect(whole).toBeGreaterThan(0);
    expect(dockerfile.indexOf("npm ci")).toBeGreaterThan(whole);
    const lock = z
      .object({ packages: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(await readFile(join(REPOSITORY_ROOT, "package-lock.json"), "utf8")));
    const workspaces = Object.keys(lock.packages).filter(
      (path) => path !== "" && !path.includes("node_modules"),
    );
    const manifests = workspaces.map((path) => `${path}/package.json`);
    expect(manifests).toContain("apps/web/package.json");
    for (const file of [...manifests, "package.json", "package-lock.json", ".npmrc"]) {
      expect(isKeptOut(file, dockerignore), file).toBe(false);
    }
  });

  test("runs as an ordinary user, who owns the folder of the data and nothing else", () => {
    expect(instructions("USER")).toEqual(["node"]);
    expect(instructions("VOLUME")).toEqual(["/data"]);
    expect(dockerfile).toMatch(/LOUPE_HOME=\/data /u);
    expect(dockerfile).not.toContain("--chown");
  });
});

describe(".dockerignore", () => {
  test("lets every source of the product in", async () => {
    const { stdout } = await promisify(execFile)(
      "git",
      [
        "ls-files",
        "apps",
        "packages",
        "prisma",
        "tooling",
        "prisma.config.ts",
        "tsconfig.base.json",
      ],
      { cwd: REPOSITORY_ROOT },
    );
    const files = stdout.trim().split("\n");
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => isKeptOut(file, dockerignore))).toEqual([]);
  });

  test.each([
    "node_modules/next/package.json",
    "apps/web/node_modules/nuqs/package.json",
    "apps/web/.next/BUILD_ID",
    "packages/db/src/generated/client.ts",
    ".loupe/secret",
    "apps/web/.loupe/signing-key",
    "my-home/blobs/ab/abcd",
    ".env",
    "apps/web/.env",
    "apps/web/.env.production",
    ".git/config",
    "parts/train/good/000.png",
    "parts.loupe",
    "shared/data/a.png",
    "apps/worker/worker.log",
    "e2e/review.spec.ts",
  ])("keeps out %s", (path) => {
    expect(isKeptOut(path, dockerignore)).toBe(true);
  });
});

describe("entry.sh", () => {
  test("is what the image starts, with a command that it knows", () => {
    const words = (name: string) =>
      z.array(z.string()).parse(JSON.parse(instructions(name).at(-1) ?? "null"));
    const script = words("ENTRYPOINT").at(-1)!;
    expect(isThere(script.replace(`${BUILD_FOLDER}/`, ""))).toBe(true);
    expect(entry).toContain(`  ${words("CMD")[0]}) `);
  });

  test.each([
    ["web", "apps/web/server.ts"],
    ["worker", "apps/worker/src/main.ts"],
    ["migrate", "tooling/migrate/main.ts"],
  ])("%s starts %s", (command, file) => {
    const [, folder = ".", started] =
      new RegExp(
        `^ {2}${command}\\) (?:cd (\\S+) && )?exec node --import tsx (\\S+) ;;$`,
        "mu",
      ).exec(entry) ?? [];
    expect(join(folder, started ?? "")).toBe(file);
    expect(isThere(file)).toBe(true);
  });

  test("anything else is a command of its own, and its signals are not swallowed", async () => {
    const run = promisify(execFile);
    const script = join(REPOSITORY_ROOT, "tooling/container/entry.sh");
    const { stdout } = await run("/bin/sh", [script, "pwd"], { cwd: "/" });
    expect(stdout.trim()).toBe(REPOSITORY_ROOT.replace(/\/$/u, ""));
  });
});

test("the container to develop in has a Node that Loupe runs on, and installs what it needs", async () => {
  const file = join(REPOSITORY_ROOT, ".devcontainer/devcontainer.json");
  const { image, forwardPorts, postCreateCommand } = z
    .object({
      image: z.string(),
      forwardPorts: z.array(z.number()),
      postCreateCommand: z.string(),
    })
    .parse(JSON.parse(await readFile(file, "utf8")));
  const [, line = ""] = /:(\d+)-/u.exec(image) ?? [];
  expect(() => refuseOldNode(`${line}.${NEWEST}`)).not.toThrow();
  expect(line).toBe(/^node:(\d+)/u.exec(instructions("FROM")[0]!)?.[1]);
  expect(forwardPorts).toEqual([3000]);
  expect(postCreateCommand).toBe("npm ci");
});
