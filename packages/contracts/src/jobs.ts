import { z } from "zod";

import {
  DemoWorldId,
  EncoderPullId,
  FreezeId,
  ImportId,
  InspectionId,
  ModelVersionId,
  RunId,
} from "./ids.ts";

/** Also part of a flag on the jobs in the queue: a lane that has another name is another lane. */
export type WorkerLane = "run.train" | "scoring";

type JobDefinition = {
  readonly payload: z.ZodType;
  readonly maxAttempts: number;
  /**
   * Jobs that share a lane run one at a time, whichever workers there are. Each organisation has
   * lanes of its own, and so has whatever else may be worked at only once at a time.
   */
  readonly lane: "pulling" | "demo" | null;
  /**
   * Jobs that share a lane of the worker run one at a time there, and beside each other on two
   * workers: training has the machine's accelerator to itself, scoring keeps one detector open.
   */
  readonly workerLane?: WorkerLane;
  /** Of several that wait with the same payload only one is kept. */
  readonly isSingle?: true;
};

/**
 * The whole vocabulary between web and worker. Payloads carry ids, never rows.
 *
 * `maxAttempts` counts deliveries, also those ended by a killed worker, so it
 * is generous for jobs that resume from where they were.
 */
export const JOBS = {
  // Those of one project run one after the other: what one takes back, another may have met as a duplicate.
  "dataset.import": {
    payload: z.strictObject({ importId: ImportId }),
    maxAttempts: 10,
    lane: null,
  },
  // A delivery again takes down anew which images there are.
  "dataset.freeze": {
    payload: z.strictObject({ freezeId: FreezeId }),
    maxAttempts: 10,
    lane: null,
  },
  "run.train": {
    payload: z.strictObject({ runId: RunId }),
    maxAttempts: 25,
    lane: null,
    workerLane: "run.train",
  },
  // Scores the images that nobody is at; the job that it adds for the rest is another worker's chance.
  "inspection.score": {
    payload: z.strictObject({ inspectionId: InspectionId }),
    maxAttempts: 10,
    lane: null,
    workerLane: "scoring",
  },
  // Goes on with the cases that are still scored by another version.
  "model.rescore": {
    payload: z.strictObject({ modelVersionId: ModelVersionId }),
    maxAttempts: 10,
    lane: null,
    workerLane: "scoring",
    isSingle: true,
  },
  // A download goes on where it was, so a lost worker costs one delivery and no byte.
  "encoder.pull": {
    payload: z.strictObject({ pullId: EncoderPullId }),
    maxAttempts: 10,
    lane: "pulling",
  },
  // Delivered again whenever something that it waits for has ended.
  "demo.seed": {
    payload: z.strictObject({ demoWorldId: DemoWorldId }),
    maxAttempts: 25,
    lane: "demo",
    isSingle: true,
  },
} as const satisfies Record<string, JobDefinition>;

/** Unfinished work that one organisation may have at once; more is refused at the door. */
export const QUEUE_LIMITS = { imports: 20, inspections: 50 } as const;

export type JobName = keyof typeof JOBS;
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]["payload"]>;
