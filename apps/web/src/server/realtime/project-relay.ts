import { MAX_GAP_EVENTS, type ProjectEvent, type ProjectId } from "@loupe/contracts";
import type { Logger } from "@loupe/platform";

/** Reads stored events; the database's repository is one. */
export interface EventSource {
  listAfter(projectId: ProjectId, sequence: number, limit: number): Promise<ProjectEvent[]>;
  newestSequence(projectId: ProjectId): Promise<number>;
}

export type Gap = {
  readonly events: ProjectEvent[];
  /** The newest number up to which the reader has everything. */
  readonly sequence: number;
  readonly isComplete: boolean;
};

type Waiting = {
  readonly afterSequence: number;
  readonly enter: (gap: Gap) => void;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
};

export type RelayOptions = {
  readonly projectId: ProjectId;
  readonly events: EventSource;
  readonly logger: Logger;
  /** Sends one event to everyone who has joined. */
  readonly emit: (event: ProjectEvent) => void;
};

/**
 * One project's events on their way to this process's sockets: each once, in
 * order, without a hole.
 *
 * Notifications are only hints. One that is next in line is passed on; behind
 * one that is not, the missing events are read from their rows. All work of a
 * project runs one after the other, so a browser that joins gets its gap and
 * then every later event, with nothing in between.
 */
export class ProjectRelay {
  #work: Promise<void> = Promise.resolve();
  /** Browsers at the door. */
  #waiting: Waiting[] = [];
  /** Number of the last event passed on; null until the first browser joins. */
  #sequence: number | null = null;
  #pending = 0;

  constructor(private readonly options: RelayOptions) {}

  /** Resolves when everything asked for so far has been done. */
  get idle(): Promise<void> {
    return this.#work;
  }

  /** True while something is under way, such as a browser that is about to enter. */
  get isBusy(): boolean {
    return this.#pending > 0;
  }

  /** Pass on an event that the bus brought. */
  accept(event: ProjectEvent): void {
    this.#enqueue(async () => {
      if (this.#sequence === null || event.sequence <= this.#sequence) return;
      if (event.sequence === this.#sequence + 1) this.#pass(event);
      else await this.#catchUp();
    });
  }

  /** The bus may have lost something: read what is new. */
  refresh(): void {
    this.#enqueue(() => this.#catchUp());
  }

  /**
   * Let a browser in: `enter` runs after its gap has been read and before any
   * later event is passed on. All who wait at the same time share the reading.
   */
  join(afterSequence: number, enter: (gap: Gap) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ afterSequence, enter, resolve, reject });
      if (this.#waiting.length === 1) this.#enqueue(() => this.#letIn());
    });
  }

  async #letIn(): Promise<void> {
    const entering = this.#waiting;
    this.#waiting = [];
    try {
      for (const { enter, gap, resolve } of await this.#readGaps(entering)) {
        enter(gap);
        resolve();
      }
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      // Those who are in already have been told so.
      for (const { reject } of entering) reject(reason);
    }
  }

  async #readGaps(entering: readonly Waiting[]): Promise<(Waiting & { readonly gap: Gap })[]> {
    const sequence = await this.#readNewest();
    const readings = new Map<number, Promise<Gap>>();
    return Promise.all(
      entering.map(async (browser) => {
        const { afterSequence } = browser;
        const reading = readings.get(afterSequence) ?? this.#readGap(afterSequence, sequence);
        readings.set(afterSequence, reading);
        return { ...browser, gap: await reading };
      }),
    );
  }

  /** The newest number; those who are in already get what came since the last event passed on. */
  async #readNewest(): Promise<number> {
    const { events, projectId } = this.options;
    const newest = await events.newestSequence(projectId);
    this.#sequence ??= newest;
    if (newest > this.#sequence) await this.#catchUp();
    return this.#sequence;
  }

  async #readGap(afterSequence: number, sequence: number): Promise<Gap> {
    const { events, projectId } = this.options;
    if (afterSequence > sequence || sequence - afterSequence > MAX_GAP_EVENTS) {
      return { events: [], sequence, isComplete: false };
    }
    const missed =
      afterSequence === sequence
        ? []
        : await events.listAfter(projectId, afterSequence, sequence - afterSequence);
    return { events: missed, sequence, isComplete: missed.length === sequence - afterSequence };
  }

  async #catchUp(): Promise<void> {
    if (this.#sequence === null) return;
    const { events, projectId } = this.options;
    for (;;) {
      const missed = await events.listAfter(projectId, this.#sequence, MAX_GAP_EVENTS);
      for (const event of missed) this.#pass(event);
      if (missed.length < MAX_GAP_EVENTS) return;
    }
  }

  #pass(event: ProjectEvent): void {
    this.#sequence = event.sequence;
    this.options.emit(event);
  }

  #enqueue(task: () => Promise<void>): void {
    this.#pending++;
    this.#work = this.#work
      .then(task)
      .catch((error: unknown) => {
        const { logger, projectId } = this.options;
        logger.error({ err: error, projectId }, "events could not be relayed");
      })
      .finally(() => this.#pending--);
  }
}
