import { isFinalRunStatus, type RunView } from "@loupe/contracts";

import { Card } from "../../../../components/card.tsx";
import { Progress } from "../../../../components/progress.tsx";
import { Stat } from "../../../../components/stat.tsx";
import { formatDuration } from "../../../../lib/format-duration.ts";
import { formatScore } from "../../../../lib/format-score.ts";
import { methodWords } from "../method-words.ts";
import { describeStage } from "./describe-stage.ts";

/** How far the run is, in figures and as a bar. */
export function RunProgress({ run }: { readonly run: RunView }) {
  const stage = describeStage(run);
  const words = methodWords(run.method);
  return (
    <Card aria-label="Progress">
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(110px,1fr))] gap-3">
        <Stat
          label={words.steps}
          value={run.step.toLocaleString("en")}
          note={`/ ${run.steps.toLocaleString("en")}`}
        />
        <Stat
          label="Time left"
          value={run.secondsLeft === null ? "–" : formatDuration(run.secondsLeft)}
        />
        <Stat
          label={`${words.steps} a second`}
          value={run.stepsPerSecond === null ? "–" : run.stepsPerSecond.toFixed(2)}
        />
        <Stat label={words.curve} value={run.loss === null ? "–" : formatScore(run.loss)} />
        <Stat
          label="Last checkpoint"
          value={run.checkpointStep === null ? "–" : run.checkpointStep.toLocaleString("en")}
        />
      </dl>
      {!isFinalRunStatus(run.status) && (
        <div className="mt-3 grid gap-1.5">
          <Progress label={`Run ${run.number}`} share={stage.share} />
          <p className="num text-ink-2 text-sm">{stage.text}</p>
        </div>
      )}
    </Card>
  );
}
