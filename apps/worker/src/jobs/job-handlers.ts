import type { JobContext, JobHandlers } from "@loupe/platform";

import { continueDemo } from "../demo/continue-demo.ts";
import type { WorkerServices } from "../worker-services.ts";
import { freezeDataset } from "./freeze-dataset.ts";
import { importApart } from "./import-apart.ts";
import { pullEncoder } from "./pull-encoder.ts";
import { rescoreCases } from "./rescore-cases.ts";
import { scoreInspection } from "./score-inspection.ts";
import { seedDemo } from "./seed-demo.ts";
import { trainRun } from "./train-run.ts";

/** A handler for every job of the contract. */
export function jobHandlers(services: WorkerServices): JobHandlers {
  const { db } = services;
  return {
    "dataset.import": (payload, context) =>
      andThen(importApart(services, payload, context), context, () => continueDemo(db, payload)),
    "dataset.freeze": (payload, context) => freezeDataset(services, payload, context),
    "run.train": (payload, context) =>
      andThen(trainRun(services, payload, context), context, () => continueDemo(db, payload)),
    "inspection.score": (payload, context) => scoreInspection(services, payload, context),
    "model.rescore": (payload, context) => rescoreCases(services, payload, context),
    "encoder.pull": (payload, context) => pullEncoder(services, payload, context),
    "demo.seed": (payload, context) => seedDemo(services, payload, context),
  };
}

/** Follow up on work that has come to its end, well or badly, and will not be delivered again. */
async function andThen(
  work: Promise<void>,
  { signal, isLastAttempt }: JobContext,
  follow: () => Promise<void>,
): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (isLastAttempt && !signal.aborted) await follow();
    throw error;
  }
  await follow();
}
