import { open } from "node:fs/promises";

import { AppError } from "@loupe/contracts";
import { getFileNameLowLevel, openPromise, type Entry, type ZipFile } from "yauzl";

import { cleanEntryPath } from "./clean-entry-path.ts";
import { formatBytes } from "./format-bytes.ts";
import type { ImportLimits } from "./import-limits.ts";
import type { ImportSource, SourceFile } from "./import-source.ts";
import { DEFLATED, openZipEntry, STORED } from "./open-zip-entry.ts";

/** Below this size a high ratio is harmless and common: a black bitmap mask shrinks 1,000 times. */
const RATIO_MATTERS_FROM_BYTES = 16 * 1024 ** 2;
/** The high 16 bits of an entry's external attributes are the Unix mode. */
const UNIX_MODE_SHIFT = 16;
const UNIX_TYPE_MASK = 0o170000;
const UNIX_SYMLINK = 0o120000;
const UNIX_REGULAR = 0o100000;
const UNIX_FOLDER = 0o040000;

/**
 * The files of a zip archive, listed from its central directory without unpacking anything.
 *
 * Everything that makes an archive hostile or broken is checked here, before a byte is written:
 * paths, links, encryption, counts, stated sizes and ratios, overlapping entries. What the stated
 * sizes hide shows while reading: a stream fails as soon as it is longer than stated.
 *
 * @throws AppError IMPORT_REFUSED with one sentence that says what is wrong with the archive
 */
export async function openZipSource(path: string, limits: ImportLimits): Promise<ImportSource> {
  await requireZipMagic(path);
  const zip = await openArchive(path);
  // What comes after its list was read, such as a failing close, concerns nobody.
  zip.on("error", () => undefined);
  try {
    const files = await listFiles(zip, path, limits);
    return { files, close: () => Promise.resolve() };
  } finally {
    // Entries are read without it: its readers share one file, and one that breaks off takes the
    // whole process along.
    zip.close();
  }
}

async function requireZipMagic(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(4);
    const { bytesRead } = await file.read(head, 0, 4, 0);
    const isZip =
      bytesRead === 4 &&
      head[0] === 0x50 &&
      head[1] === 0x4b &&
      ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
    if (!isZip) {
      throw new AppError(
        "IMPORT_REFUSED",
        "Expected a zip archive, got another kind of file. Pack the folder as .zip and try again.",
      );
    }
  } finally {
    await file.close();
  }
}

async function openArchive(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: true,
    });
  } catch (error) {
    throw brokenArchive(error);
  }
}

async function listFiles(
  zip: ZipFile,
  archivePath: string,
  limits: ImportLimits,
): Promise<SourceFile[]> {
  if (zip.entryCount > limits.files) throw tooManyFiles(zip.entryCount, limits);

  const files: SourceFile[] = [];
  const paths = new Set<string>();
  const totals = { packed: 0, unpacked: 0 };
  for await (const entry of entriesOf(zip)) {
    const rawPath = nameOf(entry);
    const path = cleanEntryPath(rawPath);
    requirePlainEntry(entry, path);
    if (rawPath.endsWith("/")) continue;
    if (paths.has(path)) {
      throw new AppError("IMPORT_REFUSED", `The archive holds two files named ${path}.`);
    }
    paths.add(path);
    totals.packed += entry.compressedSize;
    totals.unpacked += entry.uncompressedSize;
    requireHarmlessSizes({ entry, path, totals, limits });
    if (totals.packed > zip.fileSize) {
      throw new AppError(
        "IMPORT_REFUSED",
        "The archive's files overlap: together they are larger than the archive itself.",
      );
    }
    files.push(fileOf(archivePath, entry, path));
    if (files.length > limits.files) throw tooManyFiles(files.length, limits);
  }
  return files;
}

/** Entries one by one; what the archive reader reports becomes a refusal. */
async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry, void, void> {
  const entries = zip.eachEntry();
  for (;;) {
    let next: IteratorResult<Entry, unknown>;
    try {
      next = await entries.next();
    } catch (error) {
      throw brokenArchive(error);
    }
    if (next.done === true) return;
    yield next.value;
  }
}

function nameOf(entry: Entry): string {
  // With `decodeStrings: false` the declared string holds the raw bytes; our own check names the
  // path in its sentence, which the reader's does not.
  return getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    true,
  );
}

function requirePlainEntry(entry: Entry, path: string): void {
  const type = (entry.externalFileAttributes >>> UNIX_MODE_SHIFT) & UNIX_TYPE_MASK;
  if (type === UNIX_SYMLINK) {
    throw new AppError(
      "IMPORT_REFUSED",
      `${path} is a link to another file. Pack the files themselves.`,
    );
  }
  if (type !== 0 && type !== UNIX_REGULAR && type !== UNIX_FOLDER) {
    throw new AppError("IMPORT_REFUSED", `${path} is a device or pipe, not a file.`);
  }
  if (entry.isEncrypted()) {
    throw new AppError(
      "IMPORT_REFUSED",
      `${path} is protected by a password. Pack the folder without one.`,
    );
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new AppError(
      "IMPORT_REFUSED",
      `${path} is packed with method ${entry.compressionMethod}. Pack the folder with the usual one (deflate).`,
    );
  }
}

type SizeCheck = {
  entry: Entry;
  path: string;
  totals: { packed: number; unpacked: number };
  limits: ImportLimits;
};

function requireHarmlessSizes({ entry, path, totals, limits }: SizeCheck): void {
  const { compressedSize: packed, uncompressedSize: unpacked } = entry;
  if (isBomb(packed, unpacked, limits)) {
    throw new AppError(
      "IMPORT_REFUSED",
      `${path} would unpack from ${formatBytes(packed)} to ${formatBytes(unpacked)}, which no picture does.`,
    );
  }
  if (totals.unpacked > limits.totalBytes) {
    throw new AppError(
      "IMPORT_REFUSED",
      `The archive would unpack to more than ${formatBytes(limits.totalBytes)}. Split it.`,
    );
  }
  if (isBomb(totals.packed, totals.unpacked, limits)) {
    throw new AppError(
      "IMPORT_REFUSED",
      `The archive would unpack to more than ${limits.compressionRatio} times its size, which no set of pictures does.`,
    );
  }
}

function isBomb(packed: number, unpacked: number, limits: ImportLimits): boolean {
  return (
    unpacked > RATIO_MATTERS_FROM_BYTES && unpacked > Math.max(1, packed) * limits.compressionRatio
  );
}

function fileOf(archivePath: string, entry: Entry, path: string): SourceFile {
  const place = {
    headerAt: entry.relativeOffsetOfLocalHeader,
    method: entry.compressionMethod,
    packedBytes: entry.compressedSize,
    sizeBytes: entry.uncompressedSize,
  };
  return {
    path,
    sizeBytes: entry.uncompressedSize,
    crc32: entry.crc32,
    open: () => openZipEntry(archivePath, place),
  };
}

function tooManyFiles(count: number, limits: ImportLimits): AppError {
  return new AppError(
    "IMPORT_REFUSED",
    `Expected at most ${limits.files} files, got ${count}. Split the archive.`,
  );
}

function brokenArchive(error: unknown): AppError {
  const cause = error instanceof Error ? error.message : String(error);
  return new AppError(
    "IMPORT_REFUSED",
    `The archive is cut short or damaged (${cause.replace(/\.$/u, "")}). Pack it and upload it again.`,
  );
}
