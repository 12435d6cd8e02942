import { isFinalRunStatus, type RunView, type Telemetry } from "@loupe/contracts";

type RunTelemetry = Extract<Telemetry, { attempt: number }>;

/**
 * Fold into a cached run how far it is.
 *
 * Telemetry can meet a run that is newer than it is, so a smaller step never wins, what an earlier
 * worker said counts no more, and a run that has ended stays as it is.
 *
 * @returns null when a worker that the run does not know has taken it: then it must be read again
 */
export function applyRunTelemetry(run: RunView, told: RunTelemetry): RunView | null {
  if (told.runId !== run.id || told.attempt < run.attempt || isFinalRunStatus(run.status)) {
    return run;
  }
  if (told.attempt > run.attempt) return null;
  switch (told.type) {
    case "run.points": {
      const { step, loss, stepsPerSecond, secondsLeft } = told;
      if (step <= run.step) return run;
      const stageDone = run.status === "training" ? step : run.stageDone;
      return { ...run, step, loss, stageDone, stepsPerSecond, secondsLeft };
    }
    case "run.stage":
      if (told.status !== run.status || told.stageDone <= run.stageDone) return run;
      return { ...run, stageDone: told.stageDone, stageTotal: told.stageTotal };
    case "run.checkpoint":
      if (told.step <= (run.checkpointStep ?? 0)) return run;
      return { ...run, checkpointStep: told.step };
  }
}
