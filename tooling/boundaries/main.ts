import { readdirSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY_ROOT } from "../repository-root.ts";
import { findMethodNames } from "./find-method-names.ts";
import { findViolations, LAYER_RULES } from "./find-violations.ts";

/** A resolver that finds nothing reports no violation either, so an almost empty graph is an error. */
const FEWEST_MODULES = 100;

process.exitCode = await checkBoundaries();

/** Check the layering table over the whole tree; returns the exit code. */
async function checkBoundaries(): Promise<number> {
  const { violations, modules, imports } = await findViolations(REPOSITORY_ROOT);
  const problems = [
    ...violations.map(({ rule, from, to, sentence }) => `${rule}: ${from} → ${to}\n  ${sentence}`),
    ...unknownModelFolders(),
    ...namedMethods(),
  ];
  if (modules <= FEWEST_MODULES) {
    problems.push(
      `Expected more than ${FEWEST_MODULES} modules, got ${modules}. Check that dependency-cruiser resolves TypeScript.`,
    );
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.stdout.write(
    `${problems.length} boundary problems in ${modules} modules and ${imports} imports\n`,
  );
  return problems.length === 0 ? 0 : 1;
}

/** Folders of the model library that no layer rule names, and that could therefore import anything. */
function unknownModelFolders(): string[] {
  const known = new Set(["catalog", "testing", "cli"]);
  for (const { name } of LAYER_RULES) {
    const layer = /^model-(.+)-looks-down$/.exec(name)?.[1];
    if (layer !== undefined) known.add(layer);
  }
  return readdirSync(join(REPOSITORY_ROOT, "packages/model/src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !known.has(entry.name))
    .map(
      ({ name }) =>
        `model-folders-have-a-layer: packages/model/src/${name} has no place among MODEL_LAYERS in .dependency-cruiser.cjs. Give it one.`,
    );
}

/** Places that know a method by name, and would have to be found when there is one more. */
function namedMethods(): string[] {
  return findMethodNames(REPOSITORY_ROOT).map(
    ({ file, line, name }) =>
      `methods-by-catalogue: ${file}:${line} names the method ${name}. Ask its entry in the catalogue instead (METHODS, RUN_DEFAULTS, BASELINE_METHOD), and add a field there if none says it.`,
  );
}
