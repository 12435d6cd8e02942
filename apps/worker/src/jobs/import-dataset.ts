import { IMPORT_CANCELLED, takeBackImport, type TakenBack } from "@loupe/application";
import { isAppError, type ImportId, type JobPayload } from "@loupe/contracts";
import { LeaseLost, type ClaimedImport, type LeaseToken } from "@loupe/db";
import type { JobContext } from "@loupe/platform";

import { importImages } from "../importing/import-images.ts";
import { DEFAULT_IMPORT_LIMITS, type ImportLimits } from "../importing/import-limits.ts";
import { importMasks } from "../importing/import-masks.ts";
import { ImportReport } from "../importing/import-report.ts";
import type { ImportSession } from "../importing/import-session.ts";
import type { ImportSource } from "../importing/import-source.ts";
import { openImportSource } from "../importing/open-import-source.ts";
import { planImport } from "../importing/plan-import.ts";
import type { ReportLine } from "../importing/report-line.ts";
import { removeScratch, withScratchFolder } from "../importing/with-scratch-folder.ts";
import { DISK_FULL, isDiskFull } from "../is-disk-full.ts";
import { CancelWatch } from "./cancel-watch.ts";
import type { WorkerServices } from "../worker-services.ts";

const REPORT_PAGE = 1000;
/** Report lines that one transaction writes when there is nothing else to do for them. */
const LINES_BATCH = 500;

type ImportServices = Pick<WorkerServices, "workerId" | "db" | "blobs" | "folders" | "telemetry">;
/** What one delivery of the job needs to know of where it runs. */
export type ImportDelivery = Pick<JobContext, "signal" | "isLastAttempt" | "logger"> & {
  readonly limits?: ImportLimits;
};

/**
 * Import one upload: store its images and masks and say of every file what became of it.
 *
 * Delivered at least once. Report lines are kept together with the rows that they report, so a
 * delivery after a crash goes on where the last one stopped. An upload that is hostile or broken is
 * refused with a sentence, and whatever had been stored of it is taken back. It is one worker's alone:
 * every write shows the token of its lease, and one that has lost it changes nothing any more.
 */
export async function importDataset(
  services: ImportServices,
  { importId }: JobPayload<"dataset.import">,
  delivery: ImportDelivery,
): Promise<void> {
  const claimed = await services.db.imports.claim(importId);
  if (claimed === null) return;
  const token = await services.db.leases.take({ kind: "import", id: importId }, services.workerId);
  if (token === null) {
    throw new Error(`Import ${importId} is held by another worker; trying again later`);
  }
  try {
    await importHeld(services, { claimed, token }, delivery);
  } finally {
    await services.db.leases.release(token).catch((error: unknown) => {
      delivery.logger.warn({ err: error, importId }, "could not give back the import");
    });
  }
}

type HeldImport = { readonly claimed: ClaimedImport; readonly token: LeaseToken };

async function importHeld(
  services: ImportServices,
  held: HeldImport,
  delivery: ImportDelivery,
): Promise<void> {
  const { claimed, token } = held;
  const { id: importId } = claimed;
  if (claimed.isCancelling) return cancelImport(services, held);

  const isCancelled = () => services.db.imports.isCancelled(importId);
  const watch = new CancelWatch({ ...delivery, isCancelled });
  try {
    await runImport(services, held, { ...delivery, signal: watch.signal });
  } catch (error) {
    if (delivery.signal.aborted) throw error;
    if (error instanceof LeaseLost) throw error;
    if (await isCancelled()) return await cancelImport(services, held);
    const isFull = isDiskFull(error);
    if (!isAppError(error) && !isFull && !delivery.isLastAttempt) throw error;
    const isRefusal = isAppError(error) && REFUSALS.has(error.code);
    delivery.logger.warn({ err: error, importId }, isRefusal ? "import refused" : "import failed");
    const end: TakenBack = {
      status: isRefusal ? "refused" : "failed",
      error: isFull
        ? DISK_FULL
        : isAppError(error)
          ? error.message
          : "The import stopped because of a fault on our side. Nothing of it was kept; try again.",
    };
    await services.db.transaction(async (tx) => {
      await tx.leases.hold(token);
      await takeBackImport(tx, claimed, end);
    });
  } finally {
    watch.stop();
  }
  await services.blobs.deleteUpload(claimed.uploadKey);
}

/** What is wrong with the upload itself. */
const REFUSALS: ReadonlySet<string> = new Set(["IMPORT_REFUSED", "TOO_LARGE"]);

async function runImport(
  services: ImportServices,
  held: HeldImport,
  delivery: ImportDelivery,
): Promise<void> {
  await services.blobs.withUpload(held.claimed.uploadKey, async (upload) => {
    const source = await openImportSource(upload, delivery.limits ?? DEFAULT_IMPORT_LIMITS);
    try {
      await importFrom(source, services, { ...held, delivery });
    } finally {
      await source.close();
    }
  });
}

async function importFrom(
  source: ImportSource,
  { db, blobs, folders, telemetry }: ImportServices,
  { claimed, token, delivery }: HeldImport & { delivery: ImportDelivery },
): Promise<void> {
  const { id: importId, projectId } = claimed;
  const { signal, limits = DEFAULT_IMPORT_LIMITS } = delivery;
  const earlierLines = await listLines(db, importId);
  const filesTotal = source.files.length;
  const filesDone = earlierLines.size;
  const progress = { filesTotal, filesDone };
  const report = new ImportReport({ db, telemetry, importId, projectId, token, ...progress });
  const session = { db, blobs, importId, projectId, limits, report, earlierLines, signal };
  await withScratchFolder({ parent: folders.scratch, owner: importId }, (scratchFolder) =>
    runPasses({ ...session, scratchFolder }, source, claimed.fileName),
  );
  await db.transaction(async (tx) => {
    await report.writeEnd(tx);
    await tx.imports.finish(importId, { status: "succeeded" });
  });
}

async function runPasses(
  session: ImportSession,
  source: ImportSource,
  archiveName: string,
): Promise<void> {
  const plan = planImport(source.files, archiveName);
  const strays = plan.strays.filter(({ path }) => !session.earlierLines.has(path));
  for (let start = 0; start < strays.length; start += LINES_BATCH) {
    await session.report.record(strays.slice(start, start + LINES_BATCH));
  }
  const images = await importImages(session, plan.images);
  await importMasks(session, plan.masks, images);
}

async function listLines(
  db: WorkerServices["db"],
  importId: ImportId,
): Promise<ReadonlyMap<string, ReportLine>> {
  const lines = new Map<string, ReportLine>();
  let cursor: string | null = null;
  do {
    const page: { rows: ReportLine[]; nextCursor: string | null } = await db.imports.listFiles(
      importId,
      { limit: REPORT_PAGE, ...(cursor === null ? {} : { cursor }) },
    );
    for (const row of page.rows) lines.set(row.path, row);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return lines;
}

/** Files first: a worker that is killed here is followed by one that comes this way again. */
async function cancelImport(
  services: ImportServices,
  { claimed, token }: HeldImport,
): Promise<void> {
  await services.blobs.deleteUpload(claimed.uploadKey);
  await removeScratch(services.folders.scratch, claimed.id);
  await services.db.transaction(async (tx) => {
    await tx.leases.hold(token);
    await takeBackImport(tx, claimed, IMPORT_CANCELLED);
  });
}
