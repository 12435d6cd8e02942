import { recordRunIncident } from "@loupe/application";
import type { Database } from "@loupe/db";

type Leaver = { readonly id: string; readonly name: string };

/** Free the runs of a worker that will not go on with them, and say so on their curves. */
export async function freeRuns(
  db: Database,
  worker: Leaver,
  kind: "worker-lost" | "worker-stopped",
): Promise<void> {
  for (const runId of await db.runs.releaseLeasesOf(worker.id)) {
    const run = await db.runs.find(runId);
    if (run === null) continue;
    const fate = kind === "worker-lost" ? "was lost" : "stopped";
    const message = `Worker ${worker.name} ${fate} at step ${run.step}.`;
    await db.transaction(async (tx) => {
      const { projectId, step } = run;
      await recordRunIncident(tx, { runId, projectId }, { step, kind, message });
    });
  }
}
