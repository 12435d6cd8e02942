/** Anything with a place in a project's sequence. */
type Numbered = { readonly sequence: number };

/**
 * How far a browser has got in a project's numbered events, and what came early.
 *
 * The socket may double, delay or reorder events; sequence numbers have no gap. So an event is
 * ready only when every smaller one has been.
 */
export type EventOrder<E extends Numbered> = {
  /** Every event up to this number has been handed out. */
  readonly sequence: number;
  readonly early: ReadonlyMap<number, E>;
};

export function startEventOrder<E extends Numbered>(sequence: number): EventOrder<E> {
  return { sequence, early: new Map() };
}

/** Take events in, hand those out that are next in line. Old ones and doubles vanish. */
export function takeEvents<E extends Numbered>(
  order: EventOrder<E>,
  events: readonly E[],
): { order: EventOrder<E>; ready: E[] } {
  const early = new Map(order.early);
  for (const event of events) {
    if (event.sequence > order.sequence) early.set(event.sequence, event);
  }
  const ready: E[] = [];
  let sequence = order.sequence;
  for (let next = early.get(sequence + 1); next; next = early.get(sequence + 1)) {
    early.delete(next.sequence);
    ready.push(next);
    sequence = next.sequence;
  }
  return { order: { sequence, early }, ready };
}

/** Go on from a number that the server vouches for: nothing up to it is still to come. */
export function skipTo<E extends Numbered>(order: EventOrder<E>, sequence: number): EventOrder<E> {
  if (sequence <= order.sequence) return order;
  const early = [...order.early].filter(([number]) => number > sequence);
  return { sequence, early: new Map(early) };
}
