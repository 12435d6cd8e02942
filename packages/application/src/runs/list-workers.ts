import type { ProjectId, WorkerView } from "@loupe/contracts";
import type { Database } from "@loupe/db";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** A worker beats every few seconds; one that was silent for this long is taken for dead. */
const WORKER_ALIVE_MS = 15_000;

/** The workers that can take a run now, with their providers and encoders. */
export const listWorkers = projectUseCase(
  "run:read",
  ({ db }, _input: { projectId: ProjectId }): Promise<WorkerView[]> => listAliveWorkers(db),
);

/** The same for a use case that has been asked already. */
export function listAliveWorkers({ workers }: Pick<Database, "workers">): Promise<WorkerView[]> {
  return workers.listAlive(WORKER_ALIVE_MS);
}
