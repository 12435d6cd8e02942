/**
 * Area under the ROC curve: the chance that a random anomalous sample outscores a random normal
 * one, ties counting half.
 *
 *   AUROC = (R₊ − n₊(n₊ + 1)/2) / (n₊ n₋)
 *
 * where R₊ is the sum of the mid-ranks of the anomalous scores (the Mann–Whitney U statistic).
 * O(n log n), exact, no thresholds to choose. For pixels see `PixelAuroc`.
 *
 * @param scores higher means more anomalous, shape [n]
 * @param labels 1 for anomalous, 0 for normal, shape [n]
 * @returns null when only one class is present, since the area is undefined
 */
export function auroc(scores: Float32Array, labels: Uint8Array): number | null {
  if (scores.length !== labels.length) {
    throw new Error(
      `Expected as many labels as scores, got ${labels.length} and ${scores.length}.`,
    );
  }
  const order = Uint32Array.from(scores.keys()).sort((i, j) => scores[i]! - scores[j]!);
  let positives = 0;
  let rankSum = 0;

  for (let start = 0; start < order.length;) {
    const score = scores[order[start]!];
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === score) end++;
    const midRank = (start + 1 + end) / 2;
    for (let k = start; k < end; k++) {
      if (labels[order[k]!] !== 1) continue;
      positives++;
      rankSum += midRank;
    }
    start = end;
  }

  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
