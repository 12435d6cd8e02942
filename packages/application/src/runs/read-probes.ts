import type { ProjectId, RunId, RunProbe } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** The probe images of a run and the steps at which their maps were kept. */
export const readProbes = projectUseCase(
  "run:read",
  async (
    { db, projectId },
    { runId }: { projectId: ProjectId; runId: RunId },
  ): Promise<RunProbe[]> => {
    const run = await db.runs.require(runId, projectId);
    return db.runs.probes(run.id);
  },
);
