/**
 * Results of `work` in the order of the items, with at most `ahead` of them under way at once.
 *
 * Leaving the loop early waits for what is under way, so that nothing writes after the caller
 * has gone on to clean up.
 */
export async function* prepareAhead<T, R>(
  items: readonly T[],
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const underway: Promise<R>[] = [];
  let next = 0;
  try {
    for (;;) {
      while (next < items.length && underway.length < ahead) {
        const item = items[next] as T;
        next += 1;
        const result = work(item);
        // Failures are met in order, below; until then they are not unhandled.
        result.catch(() => undefined);
        underway.push(result);
      }
      const first = underway.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(underway);
  }
}
