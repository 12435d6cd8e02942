import type { ProjectId, RunPoint } from "@loupe/contracts";
import type { Database, RunLease, RunRates } from "@loupe/db";

import { clock as systemClock, type Clock } from "../clock.ts";
import type { Teller } from "../telemetry/telemetry-notifier.ts";
import { hasGauges, tidyPoint, withoutGauges } from "./tidy-point.ts";

/** As often as telemetry leaves; every step's point is kept all the same. */
const FLUSH_EVERY_MS = 500;

type CurveWriterOptions = {
  readonly db: Database;
  readonly telemetry: Teller;
  readonly lease: RunLease;
  readonly projectId: ProjectId;
  /** Steps of the whole run, which decide how often gauges are kept. */
  readonly steps: number;
  /** Called once when points cannot be stored. */
  readonly onFailure: (error: unknown) => void;
  readonly clock?: Clock;
};

/** Stores the points of a run's curve in batches, and tells each batch once it is stored. */
export class CurveWriter {
  readonly #options: CurveWriterOptions;
  readonly #clock: Clock;
  #points: RunPoint[] = [];
  #rates: RunRates = { stepsPerSecond: 0, secondsLeft: 0 };
  #writing: Promise<void> = Promise.resolve();
  #lastWriteAtMs = 0;
  #callOff: (() => void) | undefined;
  #failure: { error: unknown } | null = null;

  constructor(options: CurveWriterOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Add a point; it is stored within half a second. */
  add(point: RunPoint, rates: RunRates): void {
    this.#points.push(tidyPoint(point, this.#options.steps));
    this.#rates = rates;
    if (this.#callOff !== undefined) return;
    const waitMs = Math.max(0, this.#lastWriteAtMs + FLUSH_EVERY_MS - this.#clock.nowMs());
    this.#callOff = this.#clock.after(waitMs, () => {
      // The failure is told through `onFailure` and by the next `flush`.
      this.flush().catch(() => undefined);
    });
  }

  /** Store everything that was added. Throws what made storing fail, now or earlier. */
  async flush(): Promise<void> {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Forget what was not stored, such as after the run was lost to another worker. */
  discard(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#points = [];
  }

  async #write(): Promise<void> {
    if (this.#points.length === 0 || this.#failure !== null) return;
    const points = this.#points;
    const rates = this.#rates;
    this.#points = [];
    this.#lastWriteAtMs = this.#clock.nowMs();
    try {
      await this.#store(points, rates);
    } catch (error) {
      this.#failure = { error };
      this.#options.onFailure(error);
    }
  }

  async #store(points: readonly RunPoint[], rates: RunRates): Promise<void> {
    const { db, lease, projectId, telemetry } = this.#options;
    await db.runs.recordPoints(lease, points, rates);
    const [first] = points;
    const newest = points.at(-1);
    if (first === undefined || newest === undefined) return;
    telemetry.tell({
      projectId,
      body: {
        type: "run.points",
        runId: lease.runId,
        attempt: lease.token,
        afterStep: first.step - 1,
        points: lighten(points),
        step: newest.step,
        loss: newest.loss,
        ...rates,
      },
    });
  }
}

/** A screen needs the newest gauges of half a second; forty of each step do not fit into a message. */
function lighten(points: readonly RunPoint[]): RunPoint[] {
  const newest = points.findLastIndex(hasGauges);
  return points.map((point, at) => (at === newest ? point : withoutGauges(point)));
}
