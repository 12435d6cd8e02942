import type { RowSummary, Spread } from "../ablate/summarise-ablation.ts";
import type { AblationTable } from "../catalog/ablation.ts";

/** Short headings of the metrics that have one. */
const HEADINGS: Readonly<Record<string, string>> = { iAuroc: "image", pAuroc: "pixel" };

function percent(value: number): string {
  return (100 * value).toFixed(1);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${percent(Math.abs(value))}`;
}

function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return "–";
  const { mean, deviation } = spread;
  return deviation === null ? percent(mean) : `${percent(mean)} ± ${percent(deviation)}`;
}

/** Cells in columns, the first two to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  return rows.map(line);
}

function heading(metric: string): string {
  return HEADINGS[metric] ?? metric;
}

function meanTable(rows: readonly RowSummary[], metrics: readonly string[]): string[] {
  const reported = new Set(rows.flatMap((row) => Object.keys(row.paper ?? {})));
  const head = metrics.flatMap((metric) => [
    heading(metric),
    "to first",
    ...(reported.has(metric) ? ["paper"] : []),
  ]);
  const lines = rows.map(({ name, title, mean, difference, paper }) => {
    const cells = metrics.flatMap((metric) => {
      const change = difference[metric];
      const known = paper?.[metric];
      return [
        spreadText(mean[metric]),
        change === undefined ? "–" : signed(change),
        ...(reported.has(metric) ? [known === undefined ? "–" : percent(known)] : []),
      ];
    });
    return [name, title, ...cells];
  });
  return aligned([["row", "", ...head], ...lines]);
}

function categoryTable(rows: readonly RowSummary[], metrics: readonly string[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.categories)))];
  const head = names.flatMap((name) => metrics.map((metric) => `${name} ${heading(metric)}`));
  const lines = rows.map((row) => [
    row.name,
    "",
    ...names.flatMap((name) => metrics.map((metric) => spreadText(row.categories[name]?.[metric]))),
  ]);
  return aligned([["row", "", ...head], ...lines]);
}

/** A comparison in lines: means over the categories beside the paper's, then each category. */
export function formatAblation(
  about: {
    readonly table: AblationTable;
    readonly encoder: string;
    readonly metrics: readonly string[];
  },
  rows: readonly RowSummary[],
): string[] {
  const { table, encoder, metrics } = about;
  const source = table.paper === null ? "" : ` Paper: ${table.paper}.`;
  return [
    `${table.title}, with ${encoder}: percent, mean ± deviation over the seeds.${source}`,
    ...meanTable(rows, metrics),
    "",
    ...categoryTable(rows, metrics),
  ];
}
