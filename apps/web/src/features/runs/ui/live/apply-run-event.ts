import {
  canRunMove,
  isFinalRunStatus,
  type ProjectEventBody,
  type RunView,
} from "@loupe/contracts";

/**
 * Fold an event into a cached run.
 *
 * Events can meet a run that is newer than they are, so a status moves only along the table, and a
 * run that has ended stays as it is.
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
    case "model.created":
      return event.runId === run.id ? { ...run, modelVersionId: event.modelVersionId } : run;
    case "run.created":
    case "run.probes":
    case "run.incident":
    case "encoder.pull":
    case "demo.progress":
    case "import.status":
    case "dataset.frozen":
    case "model.activated":
    case "dataset.freeze":
    case "inspection.status":
    case "cases.changed":
    case "case.verdict":
    case "case.withdrawn":
    case "retired":
      return run;
  }
}
