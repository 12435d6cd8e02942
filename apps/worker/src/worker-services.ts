import type { ProviderFact } from "@loupe/contracts";
import type { Database } from "@loupe/db";
import type { BlobStore, Logger } from "@loupe/platform";

import type { Clock } from "./clock.ts";
import type { DetectorCache } from "./serving/detector-cache.ts";
import type { Teller } from "./telemetry/telemetry-notifier.ts";
import type { TrainingWatch } from "./training/training-watch.ts";

/** Where a worker keeps its files, all below `LOUPE_HOME`. */
export type WorkerFolders = {
  /** Encoder features, shared by all runs. */
  readonly features: string;
  /** One folder a run: checkpoints and the journal of its curve. */
  readonly runs: string;
  /** Short-lived files; whatever a killed worker left here is of no use. */
  readonly scratch: string;
};

/** What every job of this process works with. */
export type WorkerServices = {
  /** Names this process in leases and in the list of workers. */
  readonly workerId: string;
  /** What this process can compute on, as far as it knows by now. */
  readonly devices: () => readonly ProviderFact[];
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly folders: WorkerFolders;
  /** The installation's key, by which the models that it trained are known. */
  readonly signingKeyFile: string;
  readonly detectors: DetectorCache;
  readonly trainings: TrainingWatch;
  /** Says how far work is, beside the rows that say it. */
  readonly telemetry: Teller;
  readonly logger: Logger;
  /** By which turns of long work are measured; the system's unless told. */
  readonly clock?: Clock;
  /** Look at the disk again and tell others which encoders are there. */
  readonly refreshEncoders: () => Promise<void>;
};
