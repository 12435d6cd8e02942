import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { REPOSITORY_ROOT } from "../repository-root.ts";
import { findViolations, LAYER_RULES } from "./find-violations.ts";

/** For each rule, an import that breaks it: [file, what it imports]. */
const BREACHES: Record<string, readonly [from: string, to: string]> = {
  "no-cycles": ["packages/platform/src/a.ts", "packages/platform/src/b.ts"],
  "everything-resolves": ["packages/platform/src/a.ts", "./missing.ts"],
  "contracts-is-a-leaf": ["packages/contracts/src/a.ts", "packages/platform/src/b.ts"],
  "model-is-standalone": ["packages/model/src/index.ts", "packages/contracts/src/b.ts"],
  "model-tensor-looks-down": ["packages/model/src/tensor/a.ts", "packages/model/src/graph/b.ts"],
  "model-graph-looks-down": ["packages/model/src/graph/a.ts", "packages/model/src/onnx/b.ts"],
  "model-onnx-looks-down": ["packages/model/src/onnx/a.ts", "packages/model/src/autodiff/b.ts"],
  "model-autodiff-looks-down": [
    "packages/model/src/autodiff/a.ts",
    "packages/model/src/session/b.ts",
  ],
  "model-session-looks-down": ["packages/model/src/session/a.ts", "packages/model/src/nn/b.ts"],
  "model-nn-looks-down": ["packages/model/src/nn/a.ts", "packages/model/src/optim/b.ts"],
  "model-optim-looks-down": ["packages/model/src/optim/a.ts", "packages/model/src/encoders/b.ts"],
  "model-data-looks-down": ["packages/model/src/data/a.ts", "packages/model/src/metrics/b.ts"],
  "model-encoders-looks-down": [
    "packages/model/src/encoders/a.ts",
    "packages/model/src/train/b.ts",
  ],
  "model-metrics-looks-down": [
    "packages/model/src/metrics/a.ts",
    "packages/model/src/methods/b.ts",
  ],
  "model-methods-looks-down": ["packages/model/src/methods/a.ts", "packages/model/src/train/b.ts"],
  "model-train-looks-down": ["packages/model/src/train/a.ts", "packages/model/src/cli/b.ts"],
  "model-distill-looks-down": [
    "packages/model/src/distill/a.ts",
    "packages/model/src/detector/b.ts",
  ],
  "model-detector-looks-down": [
    "packages/model/src/detector/a.ts",
    "packages/model/src/ablate/b.ts",
  ],
  "model-ablate-looks-down": ["packages/model/src/ablate/a.ts", "packages/model/src/cli/b.ts"],
  "model-below-the-front-door": ["packages/model/src/train/a.ts", "packages/model/src/index.ts"],
  "catalog-is-data": ["packages/model/src/catalog/a.ts", "packages/model/src/tensor/b.ts"],
  "methods-do-not-meet": [
    "packages/model/src/methods/x/a.ts",
    "packages/model/src/catalog/methods/y/b.ts",
  ],
  "demo-world-borrows-random-and-map-ahead": [
    "packages/demo-world/src/a.ts",
    "packages/model/src/tensor/tensor.ts",
  ],
  "demo-world-for-worker-and-cli": ["apps/web/src/lib/a.ts", "packages/demo-world/src/index.ts"],
  "cli-without-the-product": ["apps/cli/src/a.ts", "packages/contracts/src/index.ts"],
  "ort-behind-session": ["packages/model/src/train/a.ts", "onnxruntime-node"],
  "db-and-platform-look-down": ["packages/platform/src/a.ts", "packages/db/src/b.ts"],
  "application-composes-packages": [
    "packages/application/src/a.ts",
    "packages/model/src/train/b.ts",
  ],
  "application-takes-its-repositories": [
    "packages/application/src/a.ts",
    "packages/db/src/index.ts",
  ],
  "application-for-apps": ["packages/platform/src/a.ts", "packages/application/src/index.ts"],
  "prisma-behind-db": ["apps/worker/src/a.ts", "@prisma/client"],
  "web-sees-model-catalog-only": ["apps/web/src/lib/a.ts", "packages/model/src/train/b.ts"],
  "database-outside-of-bundles": ["apps/web/src/app/page.tsx", "packages/db/src/index.ts"],
  "apps-do-not-meet": ["apps/worker/src/a.ts", "apps/web/src/lib/b.ts"],
  "ui-not-to-server": ["apps/web/src/features/x/ui/a.ts", "apps/web/src/features/x/server/b.ts"],
  "features-by-the-front-door": [
    "apps/web/src/features/x/ui/a.ts",
    "apps/web/src/features/y/ui/b.ts",
  ],
  "routes-are-thin": ["apps/web/src/app/a.ts", "apps/web/src/features/y/ui/b.ts"],
  "components-know-no-feature": [
    "apps/web/src/components/a.ts",
    "apps/web/src/features/y/index.ts",
  ],
  "no-test-helpers-in-source": ["apps/worker/src/a.ts", "packages/db/src/testing/b.ts"],
  "e2e-is-a-user": ["e2e/a.ts", "packages/db/src/b.ts"],
  "tooling-sees-packages-only": ["tooling/a.ts", "packages/model/src/b.ts"],
  "nothing-imports-the-outside": ["packages/db/src/a.ts", "tooling/b.ts"],
};

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loupe-layers-"));
  await symlink(join(REPOSITORY_ROOT, "node_modules"), join(root, "node_modules"));
  await symlink(join(REPOSITORY_ROOT, "tsconfig.base.json"), join(root, "tsconfig.base.json"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** An import statement from one file of the temporary tree to another, or to a package. */
function importOf(from: string, to: string, keyword = "import"): string {
  const isInside = /^(packages|apps|tooling|e2e)\//.test(to);
  const path = isInside ? `${"../".repeat(from.split("/").length - 1)}${to}` : to;
  return `${keyword} * as other from "${path}";\nexport const seen = typeof other;\n`;
}

test("every rule has an import that breaks it", () => {
  expect(Object.keys(BREACHES).sort()).toEqual(LAYER_RULES.map(({ name }) => name).sort());
});

test.each(Object.entries(BREACHES))("%s refuses its breach", async (rule, [from, to]) => {
  await write(from, importOf(from, to));
  if (to.startsWith("packages/") || to.startsWith("apps/") || to.startsWith("tooling/")) {
    await write(to, rule === "no-cycles" ? importOf(to, from) : "export const here = 1;\n");
  }
  const { violations } = await findViolations(root);
  expect(violations.map((violation) => violation.rule)).toContain(rule);
});

test("a circle of types alone is a circle", async () => {
  const [a, b] = ["packages/platform/src/a.ts", "packages/platform/src/b.ts"] as const;
  await write(a, importOf(a, b, "import type"));
  await write(b, importOf(b, a, "import type"));
  const { violations } = await findViolations(root);
  expect(violations.map(({ rule }) => rule)).toContain("no-cycles");
});

test("a layered tree passes", async () => {
  await write("packages/contracts/src/index.ts", 'import { z } from "zod";\nexport const a = z;\n');
  await write("packages/model/src/tensor/t.ts", "export const t = 1;\n");
  const graph = "packages/model/src/graph/g.ts";
  await write(graph, importOf(graph, "packages/model/src/tensor/t.ts"));
  const server = "apps/web/src/features/x/server/use-case.ts";
  await write(server, importOf(server, "packages/contracts/src/index.ts"));
  const ui = "apps/web/src/features/x/ui/screen.ts";
  await write(ui, importOf(ui, server, "import type"));
  const { violations, modules } = await findViolations(root);
  expect(violations).toEqual([]);
  expect(modules).toBeGreaterThanOrEqual(5);
});
