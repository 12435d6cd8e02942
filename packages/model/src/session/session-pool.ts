import type { Tensor } from "../tensor/index.ts";
import { openSession, type RunOptions, type Session } from "./open-session.ts";
import type { SessionOptions, Tensors } from "./protocol.ts";

/**
 * Runs that a session is given at once: it begins the second without waiting for the caller's
 * thread, which may be busy with the results of the first.
 */
export const RUNS_PER_SESSION = 2;

export type SessionPoolOptions = SessionOptions & {
  /** Sessions at most; one is opened at once, the others when runs would wait for it. */
  readonly sessions: number;
};

type Results = Record<string, Tensor>;

type Waiting = {
  readonly feeds: Tensors;
  readonly options: RunOptions;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (results: Results) => void;
  readonly reject: (error: unknown) => void;
};

function closed(): Error {
  return new Error("The sessions are closed. Open new ones to go on.");
}

async function take(session: Session, { feeds, options, signal, ...caller }: Waiting) {
  try {
    signal?.throwIfAborted();
    caller.resolve(await session.run(feeds, options));
  } catch (error) {
    caller.reject(error);
  }
}

/**
 * Sessions of one model, each in a thread of its own, that take runs from one queue.
 *
 * Runs begin in the order of the calls and may end in another.
 */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #open: Session[];
  /** Runs that each open session has been given and has not ended. */
  readonly #load = new Map<Session, number>();
  readonly #queue: Waiting[] = [];
  readonly #running = new Set<Promise<void>>();
  /** Null once every session is open. */
  #model: Uint8Array | null;
  #growing: Promise<void> | null = null;
  #isClosed = false;

  private constructor(first: Session, model: Uint8Array, options: SessionPoolOptions) {
    this.#options = options;
    this.#open = [first];
    this.#model = options.sessions > 1 ? model : null;
  }

  static async open(model: Uint8Array, options: SessionPoolOptions): Promise<SessionPool> {
    return new SessionPool(await openSession(model, options), model, options);
  }

  /** Sessions that are open. */
  get size(): number {
    return this.#open.length;
  }

  /** @throws the signal's reason when it is aborted before a session is given the run */
  run(
    feeds: Tensors,
    { signal, ...options }: RunOptions & { readonly signal?: AbortSignal } = {},
  ): Promise<Results> {
    if (this.#isClosed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      this.#queue.push({ feeds, options, signal, resolve, reject });
      this.#serve();
    });
  }

  /** Ends once the runs that sessions were given have ended; those that wait are refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#queue.splice(0)) reject(closed());
    await Promise.all([this.#growing, ...this.#running]);
    await Promise.all(this.#open.map((session) => session.close()));
  }

  #serve(): void {
    while (this.#queue.length > 0) {
      const [session, load] = this.#leastLoaded();
      if (load > 0) this.#grow();
      if (load >= RUNS_PER_SESSION) return;
      const next = this.#queue.shift();
      if (next !== undefined) this.#begin(session, next);
    }
  }

  #loadOf(session: Session): number {
    return this.#load.get(session) ?? 0;
  }

  #leastLoaded(): [Session, number] {
    const session = this.#open.reduce((least, each) =>
      this.#loadOf(each) < this.#loadOf(least) ? each : least,
    );
    return [session, this.#loadOf(session)];
  }

  #begin(session: Session, next: Waiting): void {
    this.#load.set(session, this.#loadOf(session) + 1);
    const run = take(session, next).then(() => {
      this.#running.delete(run);
      this.#load.set(session, this.#loadOf(session) - 1);
      this.#serve();
    });
    this.#running.add(run);
  }

  /** Open one more session, unless all are open or one is being opened. */
  #grow(): void {
    if (this.#model === null || this.#growing !== null || this.#isClosed) return;
    this.#growing = openSession(this.#model, this.#options)
      .then(
        (session) => {
          this.#open.push(session);
          if (this.#open.length === this.#options.sessions) this.#model = null;
        },
        () => {
          // More sessions only save time. Where there is no memory for one, the others do the work.
          this.#model = null;
        },
      )
      .then(() => {
        this.#growing = null;
        this.#serve();
      });
  }
}
