import type { RunId, RunIncident, RunPoint } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

/** More points than a screen is wide cannot be told apart; forty gauges of each would be megabytes. */
const MOST_POINTS = 2_000;

/** The loss curve of a run and what happened on it. */
export async function readCurve(
  ctx: ProjectContext,
  runId: RunId,
): Promise<{ points: RunPoint[]; incidents: RunIncident[] }> {
  const run = await ctx.db.runs.require(runId, ctx.projectId);
  const [points, incidents] = await Promise.all([
    ctx.db.runs.points(run.id, { maxPoints: MOST_POINTS }),
    ctx.db.runs.incidents(run.id),
  ]);
  return { points, incidents };
}
