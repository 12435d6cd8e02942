import { METHOD_NAMES, METHODS, type MethodWords, TRAINED_WORDS } from "@loupe/model/catalog";

/** How long a run is, as a label and its value: a batch only where there is one. */
export function describeLength(run: {
  readonly method: string;
  readonly steps: number;
  readonly batch: number;
}): [label: string, value: string] {
  const { steps, hasBatch } = methodWords(run.method);
  const count = run.steps.toLocaleString("en");
  return hasBatch ? [`${steps} × batch`, `${count} × ${run.batch}`] : [steps, count];
}

/** The words that fit a method; those of a trained one when this page is older than the method. */
export function methodWords(method: string): MethodWords {
  const known = METHOD_NAMES.find((name) => name === method);
  return known ? METHODS[known].words : TRAINED_WORDS;
}
