import type { RunStage } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

import type { RunJob } from "./run-job.ts";

/** Progress inside a stage is news at most this often. */
const SAME_STAGE_EVERY_MS = 500;

/** Moves a run through its stages; every change of stage is told, progress inside now and then. */
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
    await services.db.transaction(async (tx) => {
      await tx.runs.move(lease, stage);
      const body = { type: "run.status", runId: run.id, ...stage } as const;
      await recordEvent(tx, { projectId: run.projectId, body });
    });
    this.#status = stage.status;
    this.#lastAt = Date.now();
  }
}
