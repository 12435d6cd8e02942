import type { Prisma } from "./generated/client.ts";

/** What a repository reads and writes through: the database, or one transaction of it. */
export type Scope = {
  readonly client: Prisma.TransactionClient;
  /** Do several statements wholly or not at all. Inside a transaction they join it. */
  readonly atomically: <T>(work: (client: Prisma.TransactionClient) => Promise<T>) => Promise<T>;
};
