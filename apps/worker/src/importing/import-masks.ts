import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { ImageView, ImportOutcome } from "@loupe/contracts";

import { formatBytes } from "./format-bytes.ts";
import type { ImageResult, ImageResults, ImportSession } from "./import-session.ts";
import { convertedPath, inspectImage } from "./inspect-image.ts";
import { normaliseMask } from "./normalise-mask.ts";
import type { PlannedMask } from "./plan-import.ts";
import { prepareAhead } from "./prepare-ahead.ts";
import type { ReportLine } from "./report-line.ts";
import { spoolFile } from "./spool-file.ts";

const AHEAD = 3;
const BATCH = 16;

type Prepared =
  | { readonly line: ReportLine }
  | { readonly path: string; readonly image: ImageView; readonly png: Uint8Array };

/**
 * Store the masks of an upload and report what became of each.
 *
 * Runs after the images, wherever in the archive the masks stood, since a mask counts only with
 * its image.
 */
export async function importMasks(
  session: ImportSession,
  masks: readonly PlannedMask[],
  images: ImageResults,
): Promise<void> {
  const pending = masks.filter(({ file }) => !session.earlierLines.has(file.path));
  let batch: Prepared[] = [];
  const prepare = (mask: PlannedMask) => prepareMask(session, mask, images);
  for await (const prepared of prepareAhead(pending, AHEAD, prepare)) {
    session.signal.throwIfAborted();
    batch.push(prepared);
    if (batch.length >= BATCH) {
      await storeBatch(session, batch);
      batch = [];
    }
  }
  if (batch.length > 0) await storeBatch(session, batch);
}

async function prepareMask(
  session: ImportSession,
  mask: PlannedMask,
  images: ImageResults,
): Promise<Prepared> {
  const { path } = mask.file;
  session.signal.throwIfAborted();
  const owner = mask.maskKeys.map((key) => images.get(key)).find((result) => result !== undefined);
  const problem = ownerProblem(owner, images);
  if (owner?.imageId == null || problem !== null) {
    const { outcome, reason } = problem ?? WITHOUT_IMAGE;
    return refused(path, outcome, reason);
  }
  if (mask.file.sizeBytes > session.limits.fileBytes) {
    const limit = formatBytes(session.limits.fileBytes);
    return refused(path, "too_large", `Expected at most ${limit} a file.`);
  }
  const image = await session.db.images.requireInProject(owner.imageId, session.projectId);
  if (image.label === "good") {
    return refused(path, "ignored", "Left out: good images need no mask.");
  }
  return readMask(session, mask, image);
}

const WITHOUT_IMAGE = {
  outcome: "mask_without_image",
  reason: "Expected an image of the same name in test/<type>, found none.",
} as const satisfies Refusal;

type Refusal = { readonly outcome: ImportOutcome; readonly reason: string };

/** Why a mask has no image to belong to, or null. */
function ownerProblem(owner: ImageResult | undefined, images: ImageResults): Refusal | null {
  if (owner === undefined) return WITHOUT_IMAGE;
  if (owner.outcome === "accepted") return null;
  if (owner.outcome === "duplicate") {
    const first = [...images.values()].find(
      ({ imageId, outcome }) => outcome === "accepted" && imageId === owner.imageId,
    );
    // A mask for a picture of an earlier import is its next revision. Of two doubles in one upload
    // the stored one's mask counts, whatever the order.
    if (first === undefined) return null;
    return {
      outcome: "duplicate",
      reason: `Its image is a double of ${first.path}, whose mask counts.`,
    };
  }
  return { outcome: "mask_without_image", reason: `Its image ${owner.path} was not accepted.` };
}

async function readMask(
  session: ImportSession,
  { file }: PlannedMask,
  image: ImageView,
): Promise<Prepared> {
  const { limits, scratchFolder } = session;
  const scratchPath = join(scratchFolder, crypto.randomUUID());
  try {
    const inspected = await inspectImage(await spoolFile(file, scratchPath), limits, "mask");
    if (!inspected.isAccepted) return refused(file.path, inspected.outcome, inspected.reason);
    if (inspected.width !== image.width || inspected.height !== image.height) {
      return refused(
        file.path,
        "mask_wrong_size",
        `Expected ${image.width} × ${image.height} like its image, got ${inspected.width} × ${inspected.height}.`,
      );
    }
    const { png, isEmpty } = await normaliseMask(inspected.converted?.path ?? scratchPath, limits);
    if (isEmpty) {
      return refused(file.path, "mask_empty", "Expected a marked region, but every pixel is zero.");
    }
    return { path: file.path, image, png };
  } finally {
    await rm(convertedPath(scratchPath), { force: true });
    await rm(scratchPath, { force: true });
  }
}

async function storeBatch(session: ImportSession, batch: readonly Prepared[]): Promise<void> {
  const stored = await Promise.all(
    batch.map(async (prepared) =>
      "line" in prepared
        ? prepared
        : { ...prepared, sha256: await session.blobs.putBytes(prepared.png) },
    ),
  );
  await session.report.commit(async (tx) => {
    const lines: ReportLine[] = [];
    for (const prepared of stored) {
      if ("line" in prepared) {
        lines.push(prepared.line);
        continue;
      }
      const { path, image, sha256 } = prepared;
      const imageId = image.id;
      const newest = await tx.masks.newestOf(imageId);
      if (newest?.sha256 === sha256) {
        const reason = `The same mask of ${image.fileName} is stored already.`;
        lines.push({ path, outcome: "duplicate", reason, imageId });
        continue;
      }
      const mask = await tx.masks.create({ imageId, sha256, importId: session.importId });
      const reason = `Stored as revision ${mask.revision} of the mask of ${image.fileName}.`;
      lines.push({ path, outcome: "mask_accepted", reason, imageId });
    }
    return lines;
  });
}

function refused(path: string, outcome: ImportOutcome, reason: string): Prepared {
  return { line: { path, outcome, reason, imageId: null } };
}
