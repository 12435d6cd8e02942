import {
  canRunMove,
  isFinalRunStatus,
  type ProjectEventBody,
  type RunView,
} from "@loupe/contracts";

/**
 * Fold an event into a cached run.
 *
 * Events can meet a run that is newer than they are, so a smaller step never wins, a status moves
 * only along the table, and a run that has ended stays as it is.
 */
export function applyRunEvent(run: RunView, event: ProjectEventBody): RunView {
  switch (event.type) {
    case "run.status": {
      if (event.runId !== run.id) return run;
      const isSame = event.status === run.status;
      if (isSame ? isFinalRunStatus(run.status) : !canRunMove(run.status, event.status)) return run;
      return {
        ...run,
        status: event.status,
        stageDone: event.stageDone,
        stageTotal: event.stageTotal,
        // Rates are those of training; elsewhere they would be of something else.
        ...(event.status !== "training" && { stepsPerSecond: null, secondsLeft: null }),
      };
    }
    case "run.progress": {
      const newest = event.points.at(-1);
      if (event.runId !== run.id || !newest || isFinalRunStatus(run.status)) return run;
      if (newest.step <= run.step) return run;
      return {
        ...run,
        step: newest.step,
        loss: newest.loss,
        stageDone: run.status === "training" ? newest.step : run.stageDone,
        stepsPerSecond: event.stepsPerSecond,
        secondsLeft: event.secondsLeft,
      };
    }
    case "run.checkpoint":
      if (event.runId !== run.id || event.step <= (run.checkpointStep ?? 0)) return run;
      return { ...run, checkpointStep: event.step };
    case "model.created":
      return event.runId === run.id ? { ...run, modelVersionId: event.modelVersionId } : run;
    case "run.created":
    case "run.probes":
    case "run.incident":
    case "encoder.pull":
    case "demo.progress":
    case "import.progress":
    case "dataset.frozen":
    case "model.activated":
    case "dataset.freeze":
    case "inspection.progress":
    case "cases.changed":
    case "case.verdict":
    case "case.withdrawn":
      return run;
  }
}
