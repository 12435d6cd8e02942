import type { TrainEvent } from "../train/train-events.ts";
import { formatDuration, type Progress } from "./progress.ts";

/** Show one event of a training; `label` tells which of several trainings it is. */
export function showTraining(event: TrainEvent, progress: Progress, label = ""): void {
  switch (event.type) {
    case "stage":
      if (event.stage !== "training") {
        progress.show({ task: `${label}${event.stage}`, done: event.done, total: event.total });
      }
      break;
    case "resumed":
      progress.note(`${label}resumed from the checkpoint of step ${event.step}`);
      break;
    case "step":
      progress.show({
        task: `${label}step`,
        done: event.step,
        total: event.steps,
        detail:
          `loss ${event.loss.toFixed(4)} · ${event.stepsPerSecond.toFixed(2)} steps/s · ` +
          `${formatDuration(event.secondsLeft)} left`,
      });
      break;
    case "unsaved":
      progress.note(
        `${label}the checkpoint of step ${event.step} could not be written (${event.reason}); going on`,
      );
      break;
    case "probe":
    case "checkpoint":
      break;
  }
}
