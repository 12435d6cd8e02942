import type { ProjectEvent, ProjectId, ProjectTelemetry } from "@loupe/contracts";
import { type QueryClient, type QueryFilters, type QueryKey, hashKey } from "@tanstack/react-query";

import type { Trpc } from "../trpc.tsx";

/** What a fold may do with the cached answers of the server. */
export type LiveCache = {
  readonly client: QueryClient;
  readonly trpc: Trpc;
  /** Read these again. Bursts become one request, and nothing happens while arrivals are replayed. */
  readonly invalidate: (filters: { readonly queryKey: QueryKey }) => void;
};

/** Brings one event into the cache. Folding the same events again, in order, changes nothing. */
export type LiveFold = (event: ProjectEvent, cache: LiveCache) => void;

/** Brings into the cache how far something is. */
export type TelemetryFold = {
  /** News that come twice, late or after some that were lost change nothing that is right. */
  readonly apply: (news: ProjectTelemetry, cache: LiveCache) => void;
  /** Some may have been lost: read again what is under way. */
  readonly catchUp: (projectId: ProjectId, cache: LiveCache) => void;
};

/** Something that arrived, on its way into the cache. */
type Arrival = (cache: LiveCache) => void;

/** Enough for the longest fetch: a query that takes longer than this many arrivals is read again. */
const LOG_LIMIT = 1000;
const INVALIDATE_EVERY_MS = 500;

/**
 * Applies live events and telemetry to the query cache, without losing those that arrive while a query is on
 * its way.
 *
 * An answer may have been read before an event that the browser gets before the answer. So the
 * newest arrivals are kept, and whatever came since a query's start is folded onto its answer again.
 */
export class LiveCacheWriter {
  readonly #log: Arrival[] = [];
  readonly #folds: readonly LiveFold[];
  readonly #telemetryFolds: readonly TelemetryFold[];
  readonly #startedAt = new Map<string, number>();
  readonly #dirty = new Set<string>();
  /** What was read again just now, and whether it was asked for once more since. */
  readonly #resting = new Map<string, { timer: ReturnType<typeof setTimeout>; isDue: boolean }>();
  #received = 0;

  constructor(
    private readonly client: QueryClient,
    private readonly trpc: Trpc,
    folds: readonly (LiveFold | TelemetryFold)[],
  ) {
    this.#folds = folds.filter((fold) => typeof fold === "function");
    this.#telemetryFolds = folds.filter((fold) => typeof fold === "object");
  }

  /** Watch the cache; returns the stop. */
  start(): () => void {
    const unsubscribe = this.client.getQueryCache().subscribe((notice) => {
      if (notice.type !== "updated") return;
      const { queryHash } = notice.query;
      if (notice.action.type === "fetch") {
        this.#startedAt.set(queryHash, this.#received);
      } else if (notice.action.type === "success" && !notice.action.manual) {
        this.#afterFetch(queryHash, notice.query.queryKey as QueryKey);
      }
    });
    return () => {
      unsubscribe();
      for (const { timer } of this.#resting.values()) clearTimeout(timer);
      this.#resting.clear();
    };
  }

  apply(events: readonly ProjectEvent[]): void {
    this.#take(
      events.map((event) => (cache) => {
        for (const fold of this.#folds) fold(event, cache);
      }),
    );
  }

  follow(news: ProjectTelemetry): void {
    this.#take(this.#telemetryFolds.map((fold) => (cache) => fold.apply(news, cache)));
  }

  /** The line was away, or has just come up. */
  catchUp(projectId: ProjectId): void {
    const cache = this.#cache((filters) => this.#invalidateSoon(filters.queryKey));
    for (const fold of this.#telemetryFolds) fold.catchUp(projectId, cache);
  }

  #take(arrivals: readonly Arrival[]): void {
    this.#received += arrivals.length;
    this.#log.push(...arrivals);
    if (this.#log.length > LOG_LIMIT) this.#log.splice(0, this.#log.length - LOG_LIMIT);
    const cache = this.#cache((filters) => this.#invalidateSoon(filters.queryKey));
    for (const arrival of arrivals) arrival(cache);
  }

  #cache(invalidate: LiveCache["invalidate"]): LiveCache {
    return { client: this.client, trpc: this.trpc, invalidate };
  }

  #afterFetch(queryHash: string, queryKey: QueryKey): void {
    const missed = this.#received - (this.#startedAt.get(queryHash) ?? this.#received);
    this.#startedAt.delete(queryHash);
    if (this.#dirty.delete(queryHash) || missed > this.#log.length) {
      // Not inside the notification of the very query that is to be read again.
      setTimeout(() => void this.client.invalidateQueries({ queryKey, exact: true }), 0);
    } else if (missed > 0) {
      const arrivals = this.#log.slice(-missed);
      const cache = this.#cache(() => undefined);
      setTimeout(() => {
        for (const arrival of arrivals) arrival(cache);
      }, 0);
    }
  }

  #invalidateSoon(queryKey: QueryKey): void {
    const hash = hashKey(queryKey);
    const resting = this.#resting.get(hash);
    if (resting !== undefined) {
      resting.isDue = true;
      return;
    }
    const timer = setTimeout(() => {
      const isDue = this.#resting.get(hash)?.isDue === true;
      this.#resting.delete(hash);
      // Rests again after that, so that a burst costs one request a rest and not two.
      if (isDue) this.#invalidateSoon(queryKey);
    }, INVALIDATE_EVERY_MS);
    this.#resting.set(hash, { timer, isDue: false });
    this.#invalidateNow({ queryKey });
  }

  #invalidateNow(filters: QueryFilters): void {
    for (const query of this.client.getQueryCache().findAll(filters)) {
      if (query.state.fetchStatus === "fetching") this.#dirty.add(query.queryHash);
    }
    void this.client.invalidateQueries(filters, { cancelRefetch: false });
  }
}
