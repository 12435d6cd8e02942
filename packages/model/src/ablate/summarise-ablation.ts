import type { AblationRow } from "../catalog/ablation.ts";
import type { AblationResult } from "./ablation-record.ts";

/** Over seeds; the deviation is that of a sample, null for one seed. */
export type Spread = { readonly mean: number; readonly deviation: number | null };

/** One row of the table. */
export type RowSummary = {
  readonly name: string;
  readonly title: string;
  readonly seeds: readonly number[];
  /** By metric: the mean over the categories, spread over the seeds. */
  readonly mean: Readonly<Record<string, Spread>>;
  /** By metric: the mean's difference to that of the first row. */
  readonly difference: Readonly<Record<string, number>>;
  readonly categories: Readonly<Record<string, Readonly<Record<string, Spread>>>>;
  readonly paper: Readonly<Record<string, number>> | null;
  /** Mean wall time of a training with its evaluation. */
  readonly seconds: number;
};

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): Spread {
  const mean = average(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length < 2 ? null : Math.sqrt(squares / (values.length - 1));
  return { mean, deviation };
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number";
}

/** A metric's mean over the categories that define it, or null. */
function meanOver({ categories }: AblationResult, metric: string): number | null {
  const values = Object.values(categories)
    .map((metrics) => metrics[metric])
    .filter(isNumber);
  return values.length === 0 ? null : average(values);
}

/** For each name, the spread of what `pick` gives for every result. */
function spreads(
  results: readonly AblationResult[],
  names: readonly string[],
  pick: (result: AblationResult, name: string) => number | null | undefined,
): Record<string, Spread> {
  const found = names.flatMap((name): [string, Spread][] => {
    const values = results.map((result) => pick(result, name)).filter(isNumber);
    return values.length === 0 ? [] : [[name, spread(values)]];
  });
  return Object.fromEntries(found);
}

/** Names of the metrics that any category of any result has, in their order. */
export function metricNames(results: readonly AblationResult[]): string[] {
  const all = results.flatMap(({ categories }) => Object.values(categories).flatMap(Object.keys));
  return [...new Set(all)];
}

/** The table of a comparison: every row over its seeds, held to the first row. */
export function summariseAblation(
  rows: readonly AblationRow[],
  results: readonly AblationResult[],
): RowSummary[] {
  const metrics = metricNames(results);
  const summaries = rows.map((row) => {
    const own = results.filter((result) => result.row === row.name);
    const categories = [...new Set(own.flatMap((result) => Object.keys(result.categories)))];
    return {
      name: row.name,
      title: row.title,
      seeds: own.map((result) => result.seed),
      mean: spreads(own, metrics, meanOver),
      categories: Object.fromEntries(
        categories.map((category) => [
          category,
          spreads(own, metrics, (result, metric) => result.categories[category]?.[metric]),
        ]),
      ),
      paper: row.paper,
      seconds: average(own.map((result) => result.seconds)),
    };
  });
  const [first] = summaries;
  return summaries.map((summary) => ({
    ...summary,
    difference: Object.fromEntries(
      Object.entries(summary.mean).flatMap(([metric, { mean }]): [string, number][] => {
        const base = first?.mean[metric]?.mean;
        return base === undefined ? [] : [[metric, mean - base]];
      }),
    ),
  }));
}
