import { readFile } from "node:fs/promises";
import { relative, sep } from "node:path";

import { z } from "zod";

const Counted = z.object({ total: z.number(), covered: z.number() });
/** The part of a json-summary report that we read: counts by absolute path, and one entry for all. */
const CoverageSummary = z.record(z.string(), z.object({ lines: Counted, branches: Counted }));

export type PackageCoverage = {
  /** Its folder, such as `apps/web`. */
  readonly name: string;
  /** Shares from 0 to 1; a package without any counts as covered. */
  readonly lines: number;
  readonly branches: number;
};

/**
 * How much of each package's sources was run.
 *
 * @param root absolute path of the clone, whose folders the packages are
 */
export async function readCoverage(file: string, root: string): Promise<PackageCoverage[]> {
  const { total: _all, ...files } = CoverageSummary.parse(JSON.parse(await readFile(file, "utf8")));
  const sums = new Map<string, { lines: Sum; branches: Sum }>();
  for (const [path, { lines, branches }] of Object.entries(files)) {
    const name = nameOf(relative(root, path).split(sep));
    const sum = sums.get(name) ?? { lines: new Sum(), branches: new Sum() };
    sum.lines.add(lines);
    sum.branches.add(branches);
    sums.set(name, sum);
  }
  return [...sums]
    .map(([name, sum]) => ({ name, lines: sum.lines.share, branches: sum.branches.share }))
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** One line for each package, such as `packages/db   lines 91.3 %   branches 84.0 %`. */
export function formatCoverage(packages: readonly PackageCoverage[]): string {
  const width = Math.max(0, ...packages.map(({ name }) => name.length));
  const percent = (share: number) => `${(share * 100).toFixed(1).padStart(5)} %`;
  return packages
    .map(
      ({ name, lines, branches }) =>
        `${name.padEnd(width)}  lines ${percent(lines)}  branches ${percent(branches)}\n`,
    )
    .join("");
}

/** `apps/web` of a file in there; the folder of those that lie beside the packages. */
function nameOf([first = "", second = ""]: readonly string[]): string {
  return first === "apps" || first === "packages" ? `${first}/${second}` : first;
}

class Sum {
  #total = 0;
  #covered = 0;

  add({ total, covered }: z.infer<typeof Counted>): void {
    this.#total += total;
    this.#covered += covered;
  }

  get share(): number {
    return this.#total === 0 ? 1 : this.#covered / this.#total;
  }
}
