import { type ParsedCronItem, parseCronItems, type TaskList } from "graphile-worker";
import type { Logger } from "pino";

/** Work that is due by the clock: of all workers, one does it. */
export type Routine = {
  /** Its name in the queue, which no job has. */
  readonly name: string;
  /** Minute, hour, day, month and weekday in UTC, as crontab writes them. */
  readonly when: string;
  /** May be done again at any time. The signal aborts when the process has been asked to stop. */
  readonly work: (signal: AbortSignal) => Promise<unknown>;
};

/** What was due while no worker ran is done at the next start, if that is no longer ago. */
const MADE_UP_FOR_MS = 24 * 3600 * 1000;
/** After these it is left to the next time. */
const MAX_ATTEMPTS = 3;

type RoutineContext = {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Settles when this process is on record. */
  readonly announced: Promise<void>;
};

/** When the queue has to add which job; of each there is never more than one. */
export function routineTimes(routines: readonly Routine[]): ParsedCronItem[] {
  return parseCronItems(
    routines.map(({ name, when }) => ({
      task: name,
      identifier: name,
      match: when,
      options: {
        backfillPeriod: MADE_UP_FOR_MS,
        maxAttempts: MAX_ATTEMPTS,
        jobKey: name,
        jobKeyMode: "replace",
      },
    })),
  );
}

/** How those jobs are done. */
export function routineTasks(routines: readonly Routine[], context: RoutineContext): TaskList {
  return Object.fromEntries(
    routines.map(({ name, work }) => [
      name,
      async (): Promise<void> => {
        await context.announced;
        try {
          await work(context.signal);
        } catch (error) {
          if (!context.signal.aborted) context.logger.warn({ err: error, routine: name }, "failed");
          throw error;
        }
      },
    ]),
  );
}
