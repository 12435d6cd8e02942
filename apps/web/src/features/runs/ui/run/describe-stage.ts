import { isFinalRunStatus, type RunView } from "@loupe/contracts";

import { formatDuration } from "../../../../lib/format-duration.ts";
import { methodWords } from "../method-words.ts";

type Stage = {
  readonly text: string;
  /** How far the present stage is, 0 to 1; null while that is not known. */
  readonly share: number | null;
};

type StageFacts = Pick<
  RunView,
  | "method"
  | "status"
  | "stageDone"
  | "stageTotal"
  | "step"
  | "steps"
  | "secondsLeft"
  | "isCancelRequested"
  | "startedAt"
  | "finishedAt"
  | "error"
  | "worker"
  | "checkpointStep"
>;

/** What a run is doing right now, in a few words. */
export function describeStage(run: StageFacts): Stage {
  const share = run.stageTotal > 0 ? run.stageDone / run.stageTotal : null;
  const count = (done: number, total: number) =>
    `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  const took =
    run.startedAt && run.finishedAt
      ? ` after ${formatDuration((run.finishedAt.getTime() - run.startedAt.getTime()) / 1000)}`
      : "";
  const words = methodWords(run.method);
  if (run.worker === null && isUnderWay(run.status) && !run.isCancelRequested) {
    const from =
      run.checkpointStep === null
        ? "from its beginning"
        : `from ${words.step.toLowerCase()} ${run.checkpointStep.toLocaleString("en")}`;
    return { text: `Waiting for a worker to go on ${from}`, share: null };
  }
  switch (run.status) {
    case "queued":
      return { text: "Waiting for its turn: a worker trains one run at a time", share: null };
    case "caching_features":
      return run.stageTotal > 0
        ? { text: `Features of ${count(run.stageDone, run.stageTotal)} images`, share }
        : { text: "Preparing", share: null };
    case "training": {
      if (run.isCancelRequested) return { text: "Stopping…", share: null };
      const left = run.secondsLeft === null ? "" : ` · ${formatDuration(run.secondsLeft)} left`;
      return {
        text: `${words.step} ${count(run.step, run.steps)}${left}`,
        share: run.step / run.steps,
      };
    }
    case "evaluating":
      return run.stageTotal > 0
        ? { text: `Scored ${count(run.stageDone, run.stageTotal)} test images`, share }
        : { text: "Measuring on the test images", share: null };
    case "succeeded":
      return {
        text: `${run.steps.toLocaleString("en")} ${words.steps.toLowerCase()}${took}`,
        share: 1,
      };
    case "failed":
      return { text: run.error ?? `Failed${took}`, share: null };
    case "cancelled": {
      const at = `${words.step.toLowerCase()} ${count(run.step, run.steps)}`;
      return { text: `Cancelled at ${at}`, share: null };
    }
  }
}

function isUnderWay(status: RunView["status"]): boolean {
  return status !== "queued" && !isFinalRunStatus(status);
}
