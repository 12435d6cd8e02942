/** Mean of the `count` largest values; `count` is rounded up and at least 1. */
export function topMean(values: Float32Array, count: number): number {
  const taken = Math.min(values.length, Math.max(1, Math.ceil(count)));
  if (taken === 1) return values.reduce((top, value) => Math.max(top, value));
  const top = Float32Array.from(values).sort().subarray(-taken);
  return top.reduce((sum, value) => sum + value, 0) / taken;
}
