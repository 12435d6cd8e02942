import { recordRunStatus } from "@loupe/application";
import type { RunStage } from "@loupe/db";

import type { RunJob } from "./run-job.ts";

/** Progress inside a stage is written at most this often. */
const SAME_STAGE_EVERY_MS = 500;

/** Moves a run through its stages: a change of stage is an event, progress inside is telemetry. */
export class StageReporter {
  readonly #job: RunJob;
  #status: RunStage["status"] | null = null;
  #lastAt = 0;

  constructor(job: RunJob) {
    this.#job = job;
  }

  async report(stage: RunStage): Promise<void> {
    const isNew = stage.status !== this.#status;
    if (!isNew && Date.now() - this.#lastAt < SAME_STAGE_EVERY_MS) return;
    const { services, lease, run } = this.#job;
    const { id: runId, projectId } = run;
    await services.db.transaction(async (tx) => {
      await tx.runs.move(lease, stage);
      if (isNew) await recordRunStatus(tx, { runId, projectId, ...stage });
    });
    if (!isNew) {
      const body = { type: "run.stage", runId, attempt: lease.token, ...stage } as const;
      services.telemetry.tell({ projectId, body });
    }
    this.#status = stage.status;
    this.#lastAt = Date.now();
  }
}
