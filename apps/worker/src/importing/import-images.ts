import { rm } from "node:fs/promises";
import { join } from "node:path";

import { tidyFileName } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import type { StoredBlob } from "@loupe/platform";

import { formatBytes } from "./format-bytes.ts";
import type { ImageResult, ImageResults, ImportSession } from "./import-session.ts";
import { convertedPath, inspectImage } from "./inspect-image.ts";
import type { PlannedImage } from "./plan-import.ts";
import { prepareAhead } from "./prepare-ahead.ts";
import type { ReportLine } from "./report-line.ts";
import { spoolFile } from "./spool-file.ts";

/** Pictures that are unpacked and decoded at once; the decoder uses threads of its own. */
const AHEAD = 3;
/** Images that one transaction stores. */
const BATCH = 16;

/** A picture in the blob store, or the line that says why it is not there. */
type Prepared =
  | { readonly planned: PlannedImage; readonly line: ReportLine }
  | {
      readonly planned: PlannedImage;
      readonly blob: StoredBlob;
      readonly width: number;
      readonly height: number;
      /** What a converted picture was. */
      readonly convertedFrom: string | null;
    };

/**
 * Store the images of an upload and report what became of each.
 *
 * Bytes are stored unchanged, but of formats that browsers don't show, which become PNG. Blobs are written before the rows that name them; rows and report
 * lines of a batch are kept together, so a redelivered job goes on behind the last batch.
 */
export async function importImages(
  session: ImportSession,
  images: readonly PlannedImage[],
): Promise<ImageResults> {
  const results = new Map<string, ImageResult>();
  const isNew = (image: PlannedImage) => !session.earlierLines.has(image.file.path);
  for (const image of images) {
    const line = session.earlierLines.get(image.file.path);
    if (line !== undefined) results.set(image.maskKey, line);
  }

  let batch: Prepared[] = [];
  const flush = async () => {
    const lines = await storeBatch(session, batch);
    lines.forEach((line, index) => {
      const planned = batch[index]?.planned;
      // Of two pictures with one key (a.png and a.jpg) the mask belongs to the first.
      if (planned !== undefined && !results.has(planned.maskKey)) {
        results.set(planned.maskKey, line);
      }
    });
    batch = [];
  };

  const prepare = (image: PlannedImage) => prepareImage(session, image);
  for await (const prepared of prepareAhead(images.filter(isNew), AHEAD, prepare)) {
    session.signal.throwIfAborted();
    batch.push(prepared);
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return results;
}

async function prepareImage(session: ImportSession, planned: PlannedImage): Promise<Prepared> {
  const { limits, blobs, scratchFolder, signal } = session;
  const { path, sizeBytes } = planned.file;
  signal.throwIfAborted();
  if (sizeBytes > limits.fileBytes) {
    const reason = `Expected at most ${formatBytes(limits.fileBytes)} a file, got ${formatBytes(sizeBytes)}.`;
    return { planned, line: { path, outcome: "too_large", reason, imageId: null } };
  }
  const scratchPath = join(scratchFolder, crypto.randomUUID());
  try {
    const file = await spoolFile(planned.file, scratchPath);
    const inspected = await inspectImage(file, limits);
    if (!inspected.isAccepted) {
      const { outcome, reason } = inspected;
      return { planned, line: { path, outcome, reason, imageId: null } };
    }
    const { width, height, converted } = inspected;
    const blob = await blobs.putFile(converted?.path ?? scratchPath);
    return { planned, blob, width, height, convertedFrom: converted?.from ?? null };
  } finally {
    await rm(scratchPath, { force: true });
    await rm(convertedPath(scratchPath), { force: true });
  }
}

async function storeBatch(
  session: ImportSession,
  batch: readonly Prepared[],
): Promise<readonly ReportLine[]> {
  let lines: ReportLine[] = [];
  await session.report.commit(async (tx) => {
    lines = [];
    for (const prepared of batch) {
      lines.push("line" in prepared ? prepared.line : await storeImage(tx, session, prepared));
    }
    return lines;
  });
  return lines;
}

async function storeImage(
  tx: Transaction,
  session: ImportSession,
  { planned, blob, width, height, convertedFrom }: Extract<Prepared, { blob: StoredBlob }>,
): Promise<ReportLine> {
  const { path } = planned.file;
  const { image, isNew } = await tx.images.create({
    projectId: session.projectId,
    category: planned.category,
    sha256: blob.sha256,
    fileName: tidyFileName(path, "image"),
    sourcePath: path,
    sizeBytes: blob.sizeBytes,
    width,
    height,
    label: planned.label,
    defectType: planned.defectType,
    split: planned.split,
    importId: session.importId,
  });
  if (isNew) {
    const kept = convertedFrom === null ? "" : `, ${convertedFrom} kept as PNG`;
    const reason = `${width} × ${height}${kept}, stored in ${planned.category}.`;
    return { path, outcome: "accepted", reason, imageId: image.id };
  }

  const first = `${image.sourcePath} of ${image.category}`;
  if (image.split !== null && image.split !== planned.split) {
    const reason =
      `Left out: the same picture is in the ${image.split} split (${first}), ` +
      "and a model must not be tested on what it has seen.";
    return { path, outcome: "leak", reason, imageId: image.id };
  }
  const differs =
    image.label === planned.label && image.defectType === planned.defectType
      ? ""
      : ` There it counts as ${image.defectType ?? image.label}.`;
  const reason = `The same picture as ${first}, which is stored already.${differs}`;
  return { path, outcome: "duplicate", reason, imageId: image.id };
}
