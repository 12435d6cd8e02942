import type { WorkerView } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

/** A worker beats every few seconds; one that was silent for this long is taken for dead. */
const WORKER_ALIVE_MS = 15_000;

/** The workers that can take a run now, with their providers and encoders. */
export function listWorkers(ctx: Pick<ProjectContext, "db">): Promise<WorkerView[]> {
  return ctx.db.workers.listAlive(WORKER_ALIVE_MS);
}
