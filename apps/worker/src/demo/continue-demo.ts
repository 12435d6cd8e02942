import type { ImportId, RunId } from "@loupe/contracts";
import type { Database } from "@loupe/db";
import { enqueue } from "@loupe/platform";

/** Let the demo that waits for this import or run go on, if there is one. */
export async function continueDemo(
  db: Database,
  ended: { importId: ImportId } | { runId: RunId },
): Promise<void> {
  const demoWorldId = await db.demoWorlds.waitingFor(ended);
  const world = demoWorldId === null ? null : await db.demoWorlds.find(demoWorldId);
  if (world === null) return;
  const job = { name: "demo.seed", organisationId: world.organisationId } as const;
  await db.transaction((tx) => enqueue(tx.sql, job, { demoWorldId: world.id }));
}
