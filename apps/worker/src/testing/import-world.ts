import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";

import type { ImportId, ImportView } from "@loupe/contracts";
import type { Database } from "@loupe/db";
import { aWorld, type World } from "@loupe/db/testing";
import { createLogger, openFileBlobStore, type BlobStore } from "@loupe/platform";
import { ZipFile } from "yazl";

import type { ImportLimits } from "../importing/import-limits.ts";
import { importDataset } from "../jobs/import-dataset.ts";
import { TelemetryNotifier } from "../telemetry/telemetry-notifier.ts";

export type Files = Readonly<Record<string, Uint8Array>>;

/** A project, a blob store and what it takes to run imports into them. */
export type ImportWorld = World & {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly folder: string;
};

export async function anImportWorld(db: Database, parent: string): Promise<ImportWorld> {
  const folder = join(parent, randomUUID());
  return {
    ...(await aWorld(db)),
    db,
    folder,
    blobs: await openFileBlobStore(join(folder, "blobs")),
  };
}

/** The bytes of an honest zip archive, in the order of the files. */
export async function zipOf(files: Files, folder: string): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, bytes] of Object.entries(files)) zip.addBuffer(Buffer.from(bytes), path);
  zip.end();
  const target = join(folder, `${randomUUID()}.zip`);
  const sink = createWriteStream(target);
  zip.outputStream.pipe(sink);
  await finished(sink);
  return readFile(target);
}

/** An uploaded archive that waits for its job. */
export async function uploadZip(
  { db, blobs, projectId, engineer }: ImportWorld,
  bytes: Uint8Array,
  fileName = "parts.zip",
): Promise<ImportId> {
  const upload = await blobs.createUpload(Readable.from([bytes]), { maxBytes: bytes.length });
  const { id } = await db.imports.create({
    projectId,
    createdById: engineer,
    fileName,
    sizeBytes: bytes.length,
    uploadKey: upload.key,
  });
  return id;
}

export type ImportRun = {
  readonly signal?: AbortSignal;
  readonly limits?: ImportLimits;
  readonly isLastAttempt?: boolean;
  readonly workerId?: string;
};

/** Deliver the job of an import once; returns the import as people then see it. */
export async function deliverImport(
  world: ImportWorld,
  importId: ImportId,
  {
    signal = new AbortController().signal,
    limits,
    isLastAttempt = false,
    workerId = "tested",
  }: ImportRun = {},
): Promise<ImportView> {
  const { db, blobs, folder, projectId } = world;
  const folders = {
    features: join(folder, "features"),
    runs: join(folder, "runs"),
    scratch: join(folder, "scratch"),
  };
  const logger = createLogger("test", { level: "silent" });
  const telemetry = new TelemetryNotifier({ sql: db.pool, logger });
  await importDataset(
    { workerId, db, blobs, folders, telemetry },
    { importId },
    {
      signal,
      isLastAttempt,
      logger,
      ...(limits !== undefined && { limits }),
    },
  );
  await telemetry.flush();
  return db.imports.require(importId, projectId);
}

/** What became of every file, by path. */
export async function outcomesOf(
  { db }: ImportWorld,
  importId: ImportId,
): Promise<Record<string, string>> {
  const { rows } = await db.imports.listFiles(importId, { limit: 1000 });
  return Object.fromEntries(rows.map(({ path, outcome }) => [path, outcome]));
}
