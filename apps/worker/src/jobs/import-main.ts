/**
 * @file A process of its own for one import.
 *
 * An archive or picture that brings a decoder down, or asks for more memory than there is, takes
 * nothing else along. It lets everything else on the machine go first.
 */
import { join } from "node:path";

import { openDatabase } from "@loupe/db";
import { createLogger, openFileBlobStore } from "@loupe/platform";
import sharp from "sharp";

import { readWorkerEnv } from "../env.ts";
import { workerFolders } from "../worker-folders.ts";
import { importDataset } from "./import-dataset.ts";
import type { FromImport, ToImport } from "./import-messages.ts";
import { TelemetryNotifier } from "../telemetry/telemetry-notifier.ts";
import { letOthersGoFirst } from "./let-others-go-first.ts";

/** Batches are written one after the other, and reads of the report beside them. */
const CONNECTIONS = 3;

const stopping = new AbortController();
const env = readWorkerEnv();
const logger = createLogger("import", { level: env.logLevel });

process.on("message", (message: ToImport) => {
  if (message.type === "stop") stopping.abort(new Error("The worker stops."));
  else void answer(message);
});
// The worker is gone: another one will be given the import, and may not meet this one at it.
process.on("disconnect", () => process.exit(1));
// A line that cannot be logged, such as on a full disk, fails no import.
process.stdout.on("error", () => undefined);
// Of a terminal's Ctrl-C everyone hears. The worker says when to stop.
process.on("SIGINT", () => undefined);

async function answer(delivery: Extract<ToImport, { type: "import" }>): Promise<void> {
  const told = await run(delivery).then(
    (): FromImport => ({ type: "done" }),
    (error: unknown): FromImport =>
      error instanceof Error
        ? { type: "failed", message: error.message, stack: error.stack ?? "" }
        : { type: "failed", message: String(error), stack: "" },
  );
  process.send?.(told, () => process.exit(0));
}

async function run({
  importId,
  workerId,
  isLastAttempt,
}: Extract<ToImport, { type: "import" }>): Promise<void> {
  await letOthersGoFirst();
  sharp.cache(false);
  const db = await openDatabase(env.databaseUrl, { poolSize: CONNECTIONS });
  const telemetry = new TelemetryNotifier({ sql: db.pool, logger });
  try {
    const blobs = await openFileBlobStore(join(env.home, "blobs"));
    const services = { workerId, db, blobs, folders: workerFolders(env.home), telemetry };
    const { signal } = stopping;
    await importDataset(services, { importId }, { signal, isLastAttempt, logger });
  } finally {
    await telemetry.flush();
    await db.close();
  }
}
