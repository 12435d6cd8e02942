import { AsyncLocalStorage } from "node:async_hooks";

import type { Logger } from "pino";

type Blame = (error: unknown) => void;

/** Whose work it is that runs at this moment, also in callbacks that it has left behind. */
const atWork = new AsyncLocalStorage<Blame>();

/** Do work that hears of the errors which it throws outside of its promise: in callbacks, on streams. */
export function withBlame<T>(blame: Blame, work: () => Promise<T>): Promise<T> {
  return atWork.run(blame, work);
}

export type StrayErrorOptions = {
  readonly logger: Logger;
  /** Hears of an error that belongs to no work: nobody knows what state it leaves the process in. */
  readonly onNobodys: Blame;
};

/**
 * Keep errors that nobody caught from ending the process, and with it everybody's work.
 *
 * Each is told to the work that threw it, which fails by it.
 */
export function catchStrayErrors({ logger, onNobodys }: StrayErrorOptions): void {
  const meet = (error: unknown): void => {
    const blame = atWork.getStore();
    if (blame === undefined) {
      logger.fatal({ err: error }, "an error that nobody caught belongs to no job");
      onNobodys(error);
      return;
    }
    logger.error({ err: error }, "an error that nobody caught fails the job that threw it");
    blame(error);
  };
  // A line that cannot be logged, such as on a full disk, fails nobody.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  process.on("uncaughtException", meet);
  process.on("unhandledRejection", meet);
}
