import { isGaugeName, type RunPoint } from "@loupe/contracts";

/** One line of a chart: a value for each of its steps, null where there is none. */
export type Curve = { readonly name: string; readonly values: readonly (number | null)[] };

/** Curves over common steps, ascending. */
export type Curves = { readonly steps: readonly number[]; readonly curves: readonly Curve[] };

/** Gauges of one kind, such as the shares of all experts. */
export type GaugeGroup = Curves & { readonly group: string };

/** Name of the sum that is minimised. No part of a loss is called so by the methods. */
export const TOTAL = "loss";

/**
 * The loss and each of its parts, in the order in which they come first. A part that is the whole
 * loss, such as a bank's covering radius, gives the loss its name and is not drawn twice.
 */
export function readLosses(points: readonly RunPoint[]): Curves {
  const names = listNames(points).filter((name) => !isGaugeName(name) && name !== TOTAL);
  const [only, ...others] = names;
  const isWhole = only !== undefined && points.every(({ loss, terms }) => terms[only] === loss);
  if (isWhole && others.length === 0) {
    return { steps: points.map(({ step }) => step), curves: [curveOf(points, only, only)] };
  }
  return {
    steps: points.map(({ step }) => step),
    curves: [
      { name: TOTAL, values: points.map(({ loss }) => finite(loss)) },
      ...names.map((name) => curveOf(points, name, name)),
    ],
  };
}

/** Gauges by the group before their slash; each group has only the steps at which it was read. */
export function readGauges(points: readonly RunPoint[]): GaugeGroup[] {
  const groups = new Map<string, string[]>();
  for (const name of listNames(points).filter(isGaugeName)) {
    const group = name.slice(0, name.indexOf("/"));
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups].map(([group, names]) => {
    const read = points.filter(({ terms }) => names.some((name) => name in terms));
    return {
      group,
      steps: read.map(({ step }) => step),
      curves: names
        .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }))
        .map((name) => curveOf(read, name, name.slice(group.length + 1))),
    };
  });
}

function listNames(points: readonly RunPoint[]): string[] {
  return [...new Set(points.flatMap(({ terms }) => Object.keys(terms)))];
}

function curveOf(points: readonly RunPoint[], term: string, name: string): Curve {
  return { name, values: points.map(({ terms }) => finite(terms[term])) };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** The newest value of a curve. */
export function newestOf({ values }: Curve): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
