import type { Prisma } from "./generated/client.ts";

/** Things that a project numbers 1, 2, 3 … */
export type NumberedTable = "dataset_version" | "training_run" | "model_version" | "inspection";

/**
 * The project's next number for one kind of thing.
 *
 * Transactions that number the same kind wait for each other until they end,
 * so a number is used once. A lock of its own, since the project's row is held
 * by whoever writes an event and the two would be taken in different orders.
 */
export async function takeNumber(
  client: Prisma.TransactionClient,
  table: NumberedTable,
  projectId: string,
): Promise<number> {
  await lockNumbers(client, table, projectId);
  const where = { projectId };
  const newest = { _max: { number: true } } as const;
  const { _max } = await {
    dataset_version: () => client.datasetVersion.aggregate({ where, ...newest }),
    training_run: () => client.trainingRun.aggregate({ where, ...newest }),
    model_version: () => client.modelVersion.aggregate({ where, ...newest }),
    inspection: () => client.inspection.aggregate({ where, ...newest }),
  }[table]();
  return (_max.number ?? 0) + 1;
}

/** Wait for the transactions that number the same kind of thing in this project. */
export async function lockNumbers(
  client: Prisma.TransactionClient,
  table: NumberedTable,
  projectId: string,
): Promise<void> {
  await client.$queryRaw`select pg_advisory_xact_lock(hashtextextended(${`${table}:${projectId}`}, 0))::text`;
}
