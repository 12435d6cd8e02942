import { recordEncoderPull } from "@loupe/application";
import { type EncoderPullId, isFinalPullStatus, type JobPayload } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { pullEncoder as fetchEncoder } from "@loupe/model";
import type { JobContext } from "@loupe/platform";

import type { WorkerServices } from "../worker-services.ts";

/** Progress is news at most this often. */
const NEWS_EVERY_MS = 500;

/**
 * Download an encoder and offer it to runs.
 *
 * Delivered at least once: the download goes on where it was, and one that is there already is
 * only checked. What is wrong is told once, in a sentence, and not tried again: a network that is
 * not there now is for people to decide about.
 */
export async function pullEncoder(
  services: WorkerServices,
  { pullId }: JobPayload<"encoder.pull">,
  { signal, logger }: JobContext,
): Promise<void> {
  const pull = await services.db.encoderPulls.find(pullId);
  if (pull === null || isFinalPullStatus(pull.status)) return;
  const told = new PullReporter(services, { pullId, encoder: pull.encoder });
  let lastAt = 0;
  try {
    for await (const { doneBytes, totalBytes } of fetchEncoder({ name: pull.encoder, signal })) {
      if (Date.now() - lastAt < NEWS_EVERY_MS) continue;
      lastAt = Date.now();
      await told.progress(doneBytes, totalBytes);
    }
  } catch (error) {
    // Stopped, not failed: the next worker goes on.
    signal.throwIfAborted();
    logger.warn({ err: error }, "encoder not downloaded");
    await told.end(error instanceof Error ? error.message : String(error));
    return;
  }
  // First on the list of encoders, then told: whoever hears of it can use it.
  await services.refreshEncoders();
  await told.end(null);
}

/** Rows and events of one download. */
class PullReporter {
  readonly #services: WorkerServices;
  readonly #pull: { readonly pullId: EncoderPullId; readonly encoder: string };
  #bytes = { done: 0, total: 0 };

  constructor(
    services: WorkerServices,
    pull: { readonly pullId: EncoderPullId; readonly encoder: string },
  ) {
    this.#services = services;
    this.#pull = pull;
  }

  async progress(done: number, total: number): Promise<void> {
    this.#bytes = { done, total };
    await this.#services.db.transaction(async (tx) => {
      if (!(await tx.encoderPulls.progress(this.#pull.pullId, this.#bytes))) return;
      await this.#tell(tx, "downloading");
    });
  }

  async end(error: string | null): Promise<void> {
    const status = error === null ? "succeeded" : "failed";
    await this.#services.db.transaction(async (tx) => {
      const end =
        error === null
          ? ({ status: "succeeded" } as const)
          : ({ status: "failed", error } as const);
      if (!(await tx.encoderPulls.finish(this.#pull.pullId, end))) return;
      await this.#tell(tx, status);
    });
  }

  async #tell(tx: Transaction, status: "downloading" | "succeeded" | "failed"): Promise<void> {
    const pull = await tx.encoderPulls.find(this.#pull.pullId);
    if (pull === null) return;
    const { done: bytesDone, total: bytesTotal } = this.#bytes;
    await recordEncoderPull(tx, { ...pull, status, bytesDone, bytesTotal });
  }
}
