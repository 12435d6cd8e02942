import type { RunId, RunIncident, RunPoint } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

/** More points than a screen is wide cannot be told apart; forty gauges of each would be megabytes. */
const MOST_POINTS = 2_000;

type CurveQuestion = {
  readonly runId: RunId;
  /** Only points of later steps. */
  readonly afterStep?: number | undefined;
};

/** The loss curve of a run and what happened on it, in the attempt in which it was at the least. */
export async function readCurve(
  ctx: ProjectContext,
  { runId, afterStep }: CurveQuestion,
): Promise<{ points: RunPoint[]; incidents: RunIncident[]; attempt: number }> {
  // First: a worker that takes the run over while the points are read counts as one that comes later.
  const { id, attempt } = await ctx.db.runs.require(runId, ctx.projectId);
  const later = afterStep === undefined ? {} : { afterStep };
  const [points, incidents] = await Promise.all([
    ctx.db.runs.points(id, { maxPoints: MOST_POINTS, ...later }),
    ctx.db.runs.incidents(id),
  ]);
  return { points, incidents, attempt };
}
