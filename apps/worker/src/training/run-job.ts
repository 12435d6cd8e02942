import type { RunView } from "@loupe/contracts";
import type { ClaimedRun, DatasetItemRow, RunLease } from "@loupe/db";
import type { Logger } from "@loupe/platform";

import type { ComputeThread } from "../compute/compute-thread.ts";
import type { WorkerServices } from "../worker-services.ts";
import type { RunFolder } from "./run-folder.ts";

/** One delivery of a training job, from the claim to the end. */
export type RunJob = {
  readonly services: WorkerServices;
  readonly lease: RunLease;
  readonly run: RunView;
  readonly isTakenOver: ClaimedRun["isTakenOver"];
  readonly items: readonly DatasetItemRow[];
  readonly folder: RunFolder;
  readonly thread: ComputeThread;
  /** Aborts with `RunInterrupted`, or with the reason for which the process stops. */
  readonly signal: AbortSignal;
  readonly abort: (reason: unknown) => void;
  /** Whether it has trained for as long as one may before others have their turn. */
  readonly isTurnOver: () => boolean;
  readonly logger: Logger;
};
