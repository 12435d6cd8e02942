import type { ProjectId, RunId, RunIncident, RunPoint } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** More points than a screen is wide cannot be told apart; forty gauges of each would be megabytes. */
const MOST_POINTS = 2_000;

type CurveQuestion = {
  readonly projectId: ProjectId;
  readonly runId: RunId;
  /** Only points of later steps. */
  readonly afterStep?: number | undefined;
};

export type RunCurve = { points: RunPoint[]; incidents: RunIncident[]; attempt: number };

/** The loss curve of a run and what happened on it, in the attempt in which it was at the least. */
export const readCurve = projectUseCase(
  "run:read",
  async ({ db, projectId }, { runId, afterStep }: CurveQuestion): Promise<RunCurve> => {
    // First: a worker that takes the run over while the points are read counts as one that comes later.
    const { id, attempt } = await db.runs.require(runId, projectId);
    const later = afterStep === undefined ? {} : { afterStep };
    const [points, incidents] = await Promise.all([
      db.runs.points(id, { maxPoints: MOST_POINTS, ...later }),
      db.runs.incidents(id),
    ]);
    return { points, incidents, attempt };
  },
);
