import type { RunId, RunProbe } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

/** The probe images of a run and the steps at which their maps were kept. */
export async function readProbes(ctx: ProjectContext, runId: RunId): Promise<RunProbe[]> {
  const run = await ctx.db.runs.require(runId, ctx.projectId);
  return ctx.db.runs.probes(run.id);
}
