import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { format, resolveConfig } from "prettier";

import type { SuiteResult } from "../suite-result.ts";
import { SUITE_NAMES, type SuiteName } from "../suites.ts";

function fileOf(name: SuiteName): string {
  return fileURLToPath(new URL(`../results/${name}.json`, import.meta.url));
}

/** Write a file of the repository in the repository's format. */
export async function writeFormatted(path: string, text: string): Promise<void> {
  const config = await resolveConfig(path);
  await writeFile(path, await format(text, { ...config, filepath: path }));
}

/** Keep a suite's figures for the report, replacing the last ones. */
export async function saveResult(result: SuiteResult): Promise<void> {
  const path = fileOf(result.bench);
  await mkdir(fileURLToPath(new URL("../results", import.meta.url)), { recursive: true });
  await writeFormatted(path, JSON.stringify(result, null, 2));
}

/** Every suite that has been measured and kept. */
export async function savedResults(): Promise<SuiteResult[]> {
  const found: SuiteResult[] = [];
  for (const name of SUITE_NAMES) {
    const text = await readFile(fileOf(name), "utf8").catch(() => null);
    if (text !== null) found.push(JSON.parse(text) as SuiteResult);
  }
  return found;
}
