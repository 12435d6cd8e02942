import type { Prisma } from "./generated/client.ts";

/** The database's clock: the one that all processes share, and by which windows of time are judged. */
export async function databaseNow(client: Prisma.TransactionClient): Promise<Date> {
  const [row] = await client.$queryRaw<{ now: Date }[]>`select clock_timestamp() as "now"`;
  if (row === undefined) throw new Error("Expected the database's time, got no row");
  return row.now;
}
