import type { ProjectId, RunId, RunIncident, RunPoint } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** More points than a screen is wide cannot be told apart; forty gauges of each would be megabytes. */
const MOST_POINTS = 2_000;

export type RunCurve = { points: RunPoint[]; incidents: RunIncident[] };

/** The loss curve of a run and what happened on it. */
export const readCurve = projectUseCase(
  "run:read",
  async (
    { db, projectId },
    { runId }: { projectId: ProjectId; runId: RunId },
  ): Promise<RunCurve> => {
    const run = await db.runs.require(runId, projectId);
    const [points, incidents] = await Promise.all([
      db.runs.points(run.id, { maxPoints: MOST_POINTS }),
      db.runs.incidents(run.id),
    ]);
    return { points, incidents };
  },
);
