/** @file The worker process: takes jobs from the queue and does the heavy work of the product. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { openDatabase } from "@loupe/db";
import { listEncoders } from "@loupe/model";
import {
  catchStrayErrors,
  createLogger,
  openFileBlobStore,
  runLifecycle,
  runWorker,
  StorageWatch,
  warnOfLowStorage,
  type QueueWorker,
} from "@loupe/platform";
import sharp from "sharp";

import { readWorkerEnv } from "./env.ts";
import { describeCpu, findDevices } from "./fleet/find-devices.ts";
import { nameWorker, readProcessSpace } from "./fleet/process-identity.ts";
import { summariseEncoder } from "./fleet/summarise-encoder.ts";
import { WorkerNode } from "./fleet/worker-node.ts";
import { jobHandlers } from "./jobs/job-handlers.ts";
import { DetectorCache } from "./serving/detector-cache.ts";
import { TelemetryNotifier } from "./telemetry/telemetry-notifier.ts";
import { TrainingWatch } from "./training/training-watch.ts";
import { upkeepRoutines } from "./upkeep/upkeep-routines.ts";
import { workerFolders } from "./worker-folders.ts";

/** Stopping takes no longer: what is not done by then is continued from its last checkpoint. */
const STOP_TIMEOUT_MS = 9_500;

// What is stored is this account's alone.
process.umask(0o077);

const env = readWorkerEnv();
const logger = createLogger("worker", { level: env.logLevel });

// Every picture is looked at once: a cache of decoded ones would only hold memory.
sharp.cache(false);

const folders = workerFolders(env.home);
for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });

const db = await openDatabase(env.databaseUrl);
const blobs = await openFileBlobStore(join(env.home, "blobs"));
const detectors = new DetectorCache();
const space = await readProcessSpace();
const workerId = nameWorker(env.name, space);
const node = new WorkerNode({
  db,
  blobs,
  folders,
  id: workerId,
  space,
  name: env.name,
  device: describeCpu(),
  listEncoders: async () => (await listEncoders()).map(summariseEncoder),
  logger,
});
const telemetry = new TelemetryNotifier({ sql: db.pool, logger });
let queue: QueueWorker | null = null;
let isFault = false;
warnOfLowStorage(new StorageWatch(env.home), {
  onLow: (sentence) => logger.warn(sentence),
  onWell: (sentence) => logger.info(sentence),
});

const lifecycle = await runLifecycle({
  logger,
  stopTimeoutMs: STOP_TIMEOUT_MS,
  services: [
    { name: "database", start: () => Promise.resolve(), stop: () => db.close() },
    { name: "telemetry", start: () => Promise.resolve(), stop: () => telemetry.flush() },
    { name: "worker node", start: () => node.start(), stop: () => node.stop() },
    { name: "detectors", start: () => Promise.resolve(), stop: () => detectors.close() },
    { name: "queue", start: startQueue, stop: async () => queue?.stop({ isFault }) },
  ],
});

catchStrayErrors({
  logger,
  // Whoever started this process starts it again, and jobs go on. One of them may be the cause, so
  // this attempt counts.
  onNobodys: () => {
    process.exitCode = 1;
    isFault = true;
    void lifecycle.stop("an error that belongs to no job");
  },
});

// What was left behind would keep the process alive; its work is continued by the next one.
if (!(await lifecycle.stopped)) process.exit(1);

async function startQueue(): Promise<void> {
  queue = await runWorker({
    pool: db.pool,
    handlers: jobHandlers({
      workerId,
      devices: () => node.devices,
      db,
      blobs,
      folders,
      signingKeyFile: join(env.home, "signing-key"),
      detectors,
      trainings: new TrainingWatch(),
      telemetry,
      logger,
      refreshEncoders: () => node.refreshEncoders(),
    }),
    routines: upkeepRoutines({ db, blobs, folders, logger }),
    concurrency: env.jobsAtOnce,
    providers: () => node.devices.map(({ provider }) => provider),
    logger,
    onIds: (graphileIds) => node.register(graphileIds),
  });
  queue.ended.catch((error: unknown) => {
    logger.fatal({ err: error }, "the queue ended by itself");
    // Stop in order and let whoever started this process start it again.
    process.exitCode = 1;
    void lifecycle.stop("the queue ended by itself");
  });
  logger.info({ workerId }, "taking jobs");
  // Trying takes seconds, and most jobs want the processor: they do not wait for it.
  void findDevices(env.providers, logger)
    .then((devices) => node.offer(devices))
    .catch((error: unknown) => logger.warn({ err: error }, "could not tell what computes here"));
}
