import { PrismaPg } from "@prisma/adapter-pg";

/**
 * A driver that sends the statements of a transaction one after the other.
 *
 * Prisma sends the reads of several relations at once, also inside a
 * transaction, which has one connection. The pg library queues them there, but
 * has announced that it will stop doing so, and warns on standard error.
 */
export class OneQueryAtATime extends PrismaPg {
  override async connect(): ReturnType<PrismaPg["connect"]> {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolationLevel) => {
      const transaction = await start(isolationLevel);
      const inTurn = takeTurns();
      const queryRaw = transaction.queryRaw.bind(transaction);
      const executeRaw = transaction.executeRaw.bind(transaction);
      transaction.queryRaw = (query) => inTurn(() => queryRaw(query));
      transaction.executeRaw = (query) => inTurn(() => executeRaw(query));
      return transaction;
    };
    return adapter;
  }
}

/** Runs each piece of work when those before it have ended, in whichever way. */
function takeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
