import type { Environment } from "../env.ts";
import { ExpectedFailure } from "../process/expected-failure.ts";
import { describeSignIns } from "./describe-sign-ins.ts";

/**
 * Bring the schema and the queue up to date, and seed the demo organisation once.
 *
 * @returns lines that tell a person who may sign in
 */
export async function prepareDatabase(
  url: string,
  demo: Environment["LOUPE_DEMO"],
): Promise<string> {
  // Loaded here, since the generated client need not exist when the launcher starts.
  const [{ listDemoPeople, migrate, openDatabase, seedDemo }, { enqueue, migrateQueue }] =
    await Promise.all([import("@loupe/db"), import("@loupe/platform")]);
  try {
    await migrate(url);
  } catch (error) {
    throw withAdvice(error);
  }
  const database = await openDatabase(url, { poolSize: 2 });
  try {
    await migrateQueue(database.pool);
    await seedDemo(database, demo);
    await database.transaction(async (tx) => {
      // Also at later starts: what stands in the way of a demo may have been removed meanwhile.
      for (const demoWorldId of await tx.demoWorlds.listUnfinished()) {
        const world = await tx.demoWorlds.find(demoWorldId);
        if (world === null) continue;
        const job = { name: "demo.seed", organisationId: world.organisationId } as const;
        await enqueue(tx.sql, job, { demoWorldId });
      }
    });
    return describeSignIns(await listDemoPeople(database));
  } finally {
    await database.close();
  }
}

/** Postgres' own words where the connection failed, and what to do about it. */
function withAdvice(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  if (/ECONNREFUSED|ENOTFOUND|ETIMEDOUT|password authentication|does not exist/.test(text)) {
    return new ExpectedFailure(
      `The database cannot be used: ${text}. Correct DATABASE_URL, or unset it to use the embedded PostgreSQL.`,
    );
  }
  return error instanceof Error ? error : new Error(text);
}
