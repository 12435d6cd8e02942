import type { JobHandlers } from "@loupe/platform";

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
  return {
    "dataset.import": (payload, context) => importApart(services, payload, context),
    "dataset.freeze": (payload, context) => freezeDataset(services, payload, context),
    "run.train": (payload, context) => trainRun(services, payload, context),
    "inspection.score": (payload, context) => scoreInspection(services, payload, context),
    "model.rescore": (payload, context) => rescoreCases(services, payload, context),
    "encoder.pull": (payload, context) => pullEncoder(services, payload, context),
    "demo.seed": (payload, context) => seedDemo(services, payload, context),
  };
}
