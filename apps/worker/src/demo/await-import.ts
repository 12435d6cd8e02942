import { getImport } from "@loupe/application";
import { isAppError, type ImportView } from "@loupe/contracts";

import {
  begin,
  changeDemo,
  findMaker,
  giveUp,
  type DemoJob,
  type PhaseOutcome,
} from "./demo-job.ts";

/** Go on once the pictures are imported; importing is a job of its own. */
export async function awaitImport(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const imported = await findImport(job);
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

async function findImport(job: DemoJob): Promise<ImportView | undefined> {
  const { importId, projectId } = job.world;
  const maker = findMaker(job);
  if (importId === null || maker === null) return undefined;
  try {
    return await getImport(maker, job.services, { projectId, importId });
  } catch (error) {
    if (isAppError(error) && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
