import { giveUp, begin, changeDemo, type DemoJob, type PhaseOutcome } from "./demo-job.ts";

/** Go on once the pictures are imported; importing is a job of its own. */
export async function awaitImport(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const imported = world.importId === null ? null : await services.db.imports.find(world.importId);
  switch (imported?.status) {
    case "uploaded":
    case "running":
    case "cancelling":
      return "waits";
    case "succeeded":
      await services.db.transaction((tx) => changeDemo(tx, world, begin("freezing")));
      return "goes on";
    case "refused":
    case "failed":
    case "cancelled":
      return giveUp(job, `The demo's pictures could not be imported: ${imported.error ?? ""}`);
    case undefined:
      return giveUp(job, "The demo's import was removed, so no model was trained.");
  }
}
