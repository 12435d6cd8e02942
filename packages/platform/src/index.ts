export type { Logger } from "pino";

export { EVENTS_CHANNEL, publish } from "./events/publish.ts";
export { recordEvent } from "./events/record-event.ts";
export type { EventTransaction, RecordedEvent } from "./events/record-event.ts";
export { subscribe } from "./events/subscribe.ts";
export type { SubscribeOptions, Subscription } from "./events/subscribe.ts";
export { runLifecycle } from "./lifecycle/run-lifecycle.ts";
export type { Lifecycle, LifecycleOptions, Service } from "./lifecycle/run-lifecycle.ts";
export { catchStrayErrors } from "./lifecycle/stray-errors.ts";
export { createLogger } from "./logging/create-logger.ts";
export type { LoggerOptions } from "./logging/create-logger.ts";
export { convertToPng } from "./pictures/convert-to-png.ts";
export { PictureGate } from "./pictures/picture-gate.ts";
export type { CameraFormat } from "./pictures/recognise-camera-format.ts";
export {
  PICTURE_HEAD_BYTES,
  recogniseBrowserFormat,
  recognisePicture,
} from "./pictures/recognise-picture.ts";
export { enqueue } from "./queue/enqueue.ts";
export { isWaiting } from "./queue/is-waiting.ts";
export { migrateQueue } from "./queue/migrate-queue.ts";
export { releaseDeadWorkers, releaseUnknownWorkers } from "./queue/release-dead-workers.ts";
export type { KnownWorkers } from "./queue/release-dead-workers.ts";
export type { Routine } from "./queue/routines.ts";
export { runWorker } from "./queue/run-worker.ts";
export type {
  JobContext,
  JobHandler,
  JobHandlers,
  QueueWorker,
  WorkerOptions,
} from "./queue/run-worker.ts";
export { takeDeadJob } from "./queue/take-dead-job.ts";
export type { DeadJob } from "./queue/take-dead-job.ts";
export type { SqlExecutor } from "./sql.ts";
export type * from "./storage/blob-store.ts";
export type { ByteRange } from "./storage/object-store.ts";
export { openFileBlobStore } from "./storage/open-file-blob-store.ts";
export { StorageWatch } from "./storage/storage-watch.ts";
export type { StorageState } from "./storage/storage-watch.ts";
export { warnOfLowStorage } from "./storage/warn-of-low-storage.ts";
