import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { formatCoverage, readCoverage } from "./read-coverage.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "loupe-coverage-"))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

const counted = (total: number, covered: number) => ({ total, covered, skipped: 0, pct: 0 });

test("sums lines and branches for each package, whatever the size of its files", async () => {
  const file = join(folder, "coverage-summary.json");
  await writeFile(
    file,
    JSON.stringify({
      total: { lines: counted(1, 1), branches: counted(1, 1) },
      "/clone/packages/db/src/a.ts": { lines: counted(90, 90), branches: counted(3, 2) },
      "/clone/packages/db/src/b.ts": { lines: counted(10, 0), branches: counted(1, 0) },
      "/clone/apps/web/src/c.tsx": { lines: counted(3, 1), branches: counted(0, 0) },
      "/clone/tooling/env.ts": { lines: counted(4, 4), branches: counted(2, 2) },
    }),
  );
  const packages = await readCoverage(file, "/clone");
  expect(packages).toEqual([
    { name: "apps/web", lines: 1 / 3, branches: 1 },
    { name: "packages/db", lines: 0.9, branches: 0.5 },
    { name: "tooling", lines: 1, branches: 1 },
  ]);
  expect(formatCoverage(packages)).toBe(
    "apps/web     lines  33.3 %  branches 100.0 %\n" +
      "packages/db  lines  90.0 %  branches  50.0 %\n" +
      "tooling      lines 100.0 %  branches 100.0 %\n",
  );
});
