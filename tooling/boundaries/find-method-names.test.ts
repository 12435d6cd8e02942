import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { REPOSITORY_ROOT } from "../repository-root.ts";
import { findMethodNames } from "./find-method-names.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loupe-method-names-"));
  await write("packages/model/src/catalog/methods/shared/sums.ts", "");
  await write("packages/model/src/catalog/methods/pond/entry.ts", 'export const NAME = "pond";\n');
});
afterEach(() => rm(root, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(join(root, dirname(file)), { recursive: true });
  await writeFile(join(root, file), text);
}

test("nothing outside of the methods' own rooms names a method", () => {
  expect(findMethodNames(REPOSITORY_ROOT)).toEqual([]);
});

test.each([
  ["in quotes", 'const isPond = method === "pond";\n'],
  ["in single quotes", "const isPond = method === 'pond';\n"],
  ["as a key", "const WORDS = {\n  pond: 1,\n};\n"],
])("a method that is named %s is found with its line", async (_, text) => {
  await write("apps/web/src/a.tsx", `\n${text}`);
  const [found] = findMethodNames(root);
  expect(found).toMatchObject({ file: "apps/web/src/a.tsx", name: "pond" });
  expect(found?.line).toBeGreaterThan(1);
});

test("a method's own rooms, tests, generated code and longer words may", async () => {
  await write("packages/model/src/methods/pond/method.ts", 'const NAME = "pond";\n');
  await write("packages/model/src/methods/find-method.ts", "const ALL = {\n  pond: pond,\n};\n");
  await write("packages/db/src/testing/builders.ts", 'const RUN = { method: "pond" };\n');
  await write("apps/web/src/a.test.ts", 'const RUN = { method: "pond" };\n');
  await write("packages/db/src/generated/client.ts", 'const NAME = "pond";\n');
  await write("apps/web/src/b.ts", 'const POND = "a pond", depth = "pond-depth";\n');
  expect(findMethodNames(root)).toEqual([]);
});
