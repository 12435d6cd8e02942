/** An area under a ROC curve in per cent with one decimal; a dash where it is undefined. */
export function formatAuroc(auroc: number | null): string {
  return auroc === null ? "–" : (100 * auroc).toFixed(1);
}
