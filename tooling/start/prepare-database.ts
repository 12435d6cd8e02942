import type { Environment } from "../env.ts";
import { migrateDatabase } from "../migrate/migrate-database.ts";
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
  const [{ listDemoPeople, openDatabase, seedDemo }, { enqueue }] = await Promise.all([
    import("@loupe/db"),
    import("@loupe/platform"),
  ]);
  await migrateDatabase(url);
  const database = await openDatabase(url, { poolSize: 2 });
  try {
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
