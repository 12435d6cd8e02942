import {
  AppError,
  causeOf,
  cutText,
  dropInvisible,
  findStorageFault,
  IMPORT_LIMITS,
  isAppError,
  PICTURE_REFUSALS,
  tidyFileName,
  type ContentHash,
} from "@loupe/contracts";
import {
  convertToPng,
  PICTURE_HEAD_BYTES,
  recognisePicture,
  type CameraFormat,
  type PictureGate,
  type StagedBlobs,
  type StoredBlob,
} from "@loupe/platform";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";

import { readMultipart, type IncomingFile } from "../../../server/uploads/read-multipart.ts";

export type ReceivedImage = {
  readonly sha256: ContentHash;
  readonly sizeBytes: number;
  readonly fileName: string;
  readonly sourcePath: string;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
};

export type RefusedFile = { readonly fileName: string; readonly reason: string };

export type ReceivedImages = {
  readonly images: readonly ReceivedImage[];
  readonly refused: readonly RefusedFile[];
  readonly fields: ReadonlyMap<string, string>;
};

/** What one drop may hold; more is a matter for several drops. */
const MAX_FILES = 2_000;
const MAX_TOTAL_BYTES = IMPORT_LIMITS.archiveBytes;
const MAX_PATH_LENGTH = 1_000;

/** Decoding to this size reads every row of a picture and keeps none. */
const PROBE_SIDE = 8;

/** Where pictures are kept, where they are decoded, and until when the sender waits. */
type Receiver = {
  readonly blobs: StagedBlobs;
  readonly pictures: PictureGate;
  readonly signal: AbortSignal;
};

/**
 * Stream uploaded images to where blobs are staged and look at each one's header.
 *
 * A file that is no image is reported and does not stop the others. Throws BAD_INPUT or TOO_LARGE.
 */
export async function receiveImages(
  request: Request,
  { blobs, pictures }: Pick<Receiver, "blobs" | "pictures">,
): Promise<ReceivedImages> {
  const images: ReceivedImage[] = [];
  const refused: RefusedFile[] = [];
  const fields = await readMultipart(request, {
    maxTotalBytes: MAX_TOTAL_BYTES,
    maxFiles: MAX_FILES,
    onFile: async (file) => {
      const received = await receiveImage(file, { blobs, pictures, signal: request.signal });
      if ("reason" in received) refused.push(received);
      else images.push(received);
    },
  });
  return { images, refused, fields };
}

async function receiveImage(
  file: IncomingFile,
  receiver: Receiver,
): Promise<ReceivedImage | RefusedFile> {
  if (file.field !== "files" && file.field !== "images") {
    throw new AppError(
      "BAD_INPUT",
      `Expected files in the field "files", got the field ${JSON.stringify(file.field)}.`,
    );
  }
  const { blobs } = receiver;
  const fileName = tidyFileName(file.fileName, "image");
  const stored = await blobs.putStream(file.source, { maxBytes: IMPORT_LIMITS.fileBytes });
  const kept = await keepForBrowsers(stored, receiver);
  if (typeof kept === "string") return { fileName, reason: kept };
  const size = await blobs.withLocalFile(kept.sha256, (path) => readSize(path, receiver));
  if (typeof size === "string") return { fileName, reason: size };
  const sourcePath = cutText(dropInvisible(file.fileName), MAX_PATH_LENGTH);
  return { ...kept, fileName, sourcePath, ...size };
}

/** The picture itself, the PNG that a camera's format is kept as, or why there can be none. */
async function keepForBrowsers(
  stored: StoredBlob,
  receiver: Receiver,
): Promise<StoredBlob | string> {
  return receiver.blobs.withLocalFile(stored.sha256, async (path) => {
    const recognised = await recognisePicture(await readHead(path));
    if (recognised.kind === "not-a-picture") return PICTURE_REFUSALS.notAPicture();
    if (recognised.kind === "other-picture") return PICTURE_REFUSALS.otherFormat(recognised.name);
    if (recognised.kind === "image") return stored;
    return keepAsPng({ path, format: recognised.format }, receiver);
  });
}

async function keepAsPng(
  { path, format }: { path: string; format: CameraFormat },
  { blobs, pictures, signal }: Receiver,
): Promise<StoredBlob | string> {
  const folder = await mkdtemp(join(tmpdir(), "loupe-picture-"));
  try {
    const to = join(folder, "picture.png");
    await pictures.decode(path, () => convert(path, format, to), signal);
    return await blobs.putFile(to);
  } catch (error) {
    return refusalOf(error, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The sentence of a refusal.
 *
 * @throws what says nothing of the file: the sender is gone, too many wait, or the disk is full
 */
function refusalOf(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  if (findStorageFault(error) !== null) throw error;
  if (!isAppError(error)) return PICTURE_REFUSALS.damaged(causeOf(error));
  if (error.code === "TOO_MANY_REQUESTS") throw error;
  return error.message;
}

function convert(from: string, format: CameraFormat, to: string): Promise<string> {
  return convertToPng({ from, format, to, maxPixels: IMPORT_LIMITS.pixels, content: "picture" });
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(PICTURE_HEAD_BYTES),
      0,
      PICTURE_HEAD_BYTES,
      0,
    );
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Width and height of a picture that decodes to its last row, or why this is none for us. */
async function readSize(
  path: string,
  { pictures, signal }: Receiver,
): Promise<{ width: number; height: number } | string> {
  try {
    const { pages, autoOrient } = await sharp(path, { limitInputPixels: false }).metadata();
    const { width, height } = autoOrient;
    if (width * height > IMPORT_LIMITS.pixels) {
      return PICTURE_REFUSALS.tooManyPixels({ width, height }, IMPORT_LIMITS.pixels);
    }
    if ((pages ?? 1) > 1) return PICTURE_REFUSALS.animation();
    await pictures.decode(path, () => readEveryRow(path), signal);
    return { width, height };
  } catch (error) {
    return refusalOf(error, signal);
  }
}

function readEveryRow(path: string): Promise<Buffer> {
  return sharp(path, { failOn: "error", sequentialRead: true })
    .resize(PROBE_SIDE, PROBE_SIDE, { fit: "fill", fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
}
