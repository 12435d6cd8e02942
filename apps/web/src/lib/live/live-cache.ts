import type { ProjectEvent, ProjectId, ProjectTelemetry } from "@loupe/contracts";
import { type QueryClient, type QueryFilters, type QueryKey, hashKey } from "@tanstack/react-query";

import type { Trpc } from "../trpc.tsx";
import { LiveReads, type LiveReader } from "./live-reads.ts";

/** What a fold may do with the cached answers of the server. */
export type LiveCache = {
  readonly client: QueryClient;
  readonly trpc: Trpc;
  /** Read these again. Bursts become one request, and nothing happens while arrivals are replayed. */
  readonly invalidate: (filters: { readonly queryKey: QueryKey }) => void;
  /** Read these alone. Bursts become one request, and nothing happens while events are replayed. */
  readonly readById: (reader: CacheReader, ids: readonly string[]) => void;
};

/** A change of cached answers. Made again, on answers that know it already, it changes nothing. */
type CacheChange = (cache: LiveCache) => void;

/** How things are read by their ids into the cache. */
export type CacheReader = LiveReader & {
  readonly read: (ids: readonly string[], cache: LiveCache) => Promise<CacheChange>;
  /** What is to be done when there are too many, or they could not be read. */
  readonly readAll: CacheChange;
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

/** Enough for the longest fetch: a query that takes longer than this many changes is read again. */
const LOG_LIMIT = 1000;
const INVALIDATE_EVERY_MS = 500;

/**
 * Applies live events and telemetry to the query cache, without losing those that arrive while a query is on
 * its way.
 *
 * An answer may have been read before an event that the browser gets before the answer. So the
 * newest arrivals are kept, with what was read by id, and whatever came since a query's start is
 * brought into its answer again.
 */
export class LiveCacheWriter {
  readonly #log: CacheChange[] = [];
  readonly #folds: readonly LiveFold[];
  readonly #telemetryFolds: readonly TelemetryFold[];
  readonly #startedAt = new Map<string, number>();
  readonly #dirty = new Set<string>();
  /** What was read again just now, and whether it was asked for once more since. */
  readonly #resting = new Map<string, { timer: ReturnType<typeof setTimeout>; isDue: boolean }>();
  readonly #reads = new LiveReads<CacheReader>((reader, ids) => this.#read(reader, ids));
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
      this.#reads.stop();
      for (const { timer } of this.#resting.values()) clearTimeout(timer);
      this.#resting.clear();
    };
  }

  apply(events: readonly ProjectEvent[]): void {
    for (const event of events) {
      this.#make((cache) => {
        for (const fold of this.#folds) fold(event, cache);
      });
    }
  }

  follow(news: ProjectTelemetry): void {
    this.#make((cache) => {
      for (const fold of this.#telemetryFolds) fold.apply(news, cache);
    });
  }

  /** The line was away, or has just come up. */
  catchUp(projectId: ProjectId): void {
    for (const fold of this.#telemetryFolds) fold.catchUp(projectId, this.#cache);
  }

  #make(change: CacheChange): void {
    this.#received += 1;
    this.#log.push(change);
    if (this.#log.length > LOG_LIMIT) this.#log.shift();
    change(this.#cache);
  }

  get #cache(): LiveCache {
    return {
      client: this.client,
      trpc: this.trpc,
      invalidate: (filters) => this.#invalidateSoon(filters.queryKey),
      readById: (reader, ids) => this.#reads.add(reader, ids),
    };
  }

  async #read(reader: CacheReader, ids: string[] | null): Promise<void> {
    const readAll = () => reader.readAll(this.#cache);
    if (ids === null) return readAll();
    const change = await reader.read(ids, this.#cache).catch(() => readAll);
    this.#make(change);
  }

  #makeAgain(changes: readonly CacheChange[]): void {
    const nothing = () => undefined;
    const cache = { ...this.#cache, invalidate: nothing, readById: nothing };
    for (const change of changes) change(cache);
  }

  #afterFetch(queryHash: string, queryKey: QueryKey): void {
    const missed = this.#received - (this.#startedAt.get(queryHash) ?? this.#received);
    this.#startedAt.delete(queryHash);
    if (this.#dirty.delete(queryHash) || missed > this.#log.length) {
      // Not inside the notification of the very query that is to be read again.
      setTimeout(() => void this.client.invalidateQueries({ queryKey, exact: true }), 0);
    } else if (missed > 0) {
      const changes = this.#log.slice(-missed);
      setTimeout(() => this.#makeAgain(changes), 0);
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
