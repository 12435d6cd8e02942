import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { hashSources } from "./hash-sources.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loupe-hash-"));
  await mkdir(join(root, "app/.next"), { recursive: true });
  await writeFile(join(root, "app/page.tsx"), "one");
  await writeFile(join(root, "lock.json"), "{}");
});
afterEach(async () => rm(root, { recursive: true, force: true }));

const hash = () => hashSources(root, ["app", "lock.json"]);

test("changes with content and with names", async () => {
  const before = await hash();
  await writeFile(join(root, "app/page.tsx"), "two");
  const edited = await hash();
  await rename(join(root, "app/page.tsx"), join(root, "app/other.tsx"));
  const renamed = await hash();
  expect(new Set([before, edited, renamed]).size).toBe(3);
});

test("does not change with tests, build output or the place of the clone", async () => {
  const before = await hash();
  await writeFile(join(root, "app/page.test.tsx"), "a test");
  await writeFile(join(root, "app/.next/BUILD_ID"), "1");
  expect(await hash()).toBe(before);
  const moved = `${root}-moved`;
  await cp(root, moved, { recursive: true });
  expect(await hashSources(moved, ["lock.json", "app"])).toBe(before);
  await rm(moved, { recursive: true });
});
