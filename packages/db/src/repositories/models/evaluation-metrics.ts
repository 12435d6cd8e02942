import type { CategoryMetrics } from "@loupe/contracts";

/** The numbers of an evaluation, as its view has them. */
export type EvaluationFigures = {
  readonly meanImageAuroc: number | null;
  readonly meanPixelAuroc: number | null;
  readonly secondsPerImage: number;
  readonly categories: readonly CategoryMetrics[];
};

/** What the columns of an evaluation's view are called as rows. */
type MetricName = "imageAuroc" | "pixelAuroc" | "secondsPerImage";

type MetricRow = {
  readonly name: string;
  /** Null: of the evaluation as a whole. */
  readonly category: string | null;
  readonly value: number;
};

/** The rows of an evaluation's numbers; what is undefined has none. */
export function listMetrics(figures: EvaluationFigures): MetricRow[] {
  const { meanImageAuroc, meanPixelAuroc, secondsPerImage, categories } = figures;
  return [
    ...row("imageAuroc", null, meanImageAuroc),
    ...row("pixelAuroc", null, meanPixelAuroc),
    ...row("secondsPerImage", null, secondsPerImage),
    ...categories.flatMap(({ category, imageAuroc, pixelAuroc }) => [
      ...row("imageAuroc", category, imageAuroc),
      ...row("pixelAuroc", category, pixelAuroc),
    ]),
  ];
}

function row(name: MetricName, category: string | null, value: number | null): MetricRow[] {
  return value === null ? [] : [{ name, category, value }];
}

/** A number of an evaluation, or null where it is undefined. */
export function readMetric(
  rows: readonly MetricRow[],
  name: MetricName,
  category: string | null,
): number | null {
  return rows.find((each) => each.name === name && each.category === category)?.value ?? null;
}

/** A number that every evaluation has. */
export function requireMetric(
  rows: readonly MetricRow[],
  name: MetricName,
  category: string | null,
): number {
  const value = readMetric(rows, name, category);
  if (value === null) throw new Error(`Expected an evaluation with ${name}, got one without.`);
  return value;
}
