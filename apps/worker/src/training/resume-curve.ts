import { recordRunIncident } from "@loupe/application";
import type { RunPoint } from "@loupe/contracts";

import type { RunJob } from "./run-job.ts";
import { tidyPoint } from "./tidy-point.ts";
import { RunJournal } from "./run-journal.ts";

/** Points that one statement writes. */
const BATCH = 500;

/**
 * Make the stored curve end exactly at the step from which a run goes on.
 *
 * Later points are dropped, since those steps will be taken again, and earlier ones that the lost
 * worker had not stored are restored from its journal. Step 0 means that the run starts anew.
 */
export async function resumeCurve(job: RunJob, step: number): Promise<void> {
  const { services, lease, run, folder } = job;
  const stored = new Set((await services.db.runs.points(run.id)).map((point) => point.step));
  const missing = new RunJournal(folder.journal)
    .readUpTo(step)
    .filter((entry) => !stored.has(entry.step));
  const message =
    step === 0
      ? "Started again: there was no checkpoint yet."
      : `Resumed from the checkpoint of step ${step}.`;

  await services.db.transaction(async (tx) => {
    for (let start = 0; start < missing.length; start += BATCH) {
      const entries = missing.slice(start, start + BATCH);
      const points: RunPoint[] = entries.map(({ step: at, loss, terms }) =>
        tidyPoint({ step: at, loss, terms }, run.steps),
      );
      const { stepsPerSecond = 0, secondsLeft = 0 } = entries.at(-1) ?? {};
      await tx.runs.recordPoints(lease, points, { stepsPerSecond, secondsLeft });
    }
    await tx.runs.rewindTo(lease, step);
    const { id: runId, projectId } = run;
    await recordRunIncident(tx, { runId, projectId }, { step, kind: "resumed", message });
  });
}
