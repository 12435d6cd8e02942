/**
 * Results of `work` over `items` in order, with up to `ahead` of them under way at once.
 *
 * Bounded: a slow consumer holds the work back. A failure surfaces when its turn comes; what is
 * under way then is awaited before the generator ends, so nothing runs on unseen.
 */
export async function* mapAhead<In, Out>(
  items: Iterable<In>,
  ahead: number,
  work: (item: In) => Promise<Out>,
): AsyncGenerator<Out, void, void> {
  const underWay: Promise<Out>[] = [];
  const start = (item: In): void => {
    const result = work(item);
    // The consumer meets the failure at `await`; until then it must not count as unhandled.
    result.catch(() => undefined);
    underWay.push(result);
  };

  try {
    for (const item of items) {
      start(item);
      if (underWay.length < ahead) continue;
      const next = underWay.shift();
      if (next !== undefined) yield await next;
    }
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
      yield await next;
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
