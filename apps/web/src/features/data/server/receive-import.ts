import { AppError, IMPORT_LIMITS, tidyFileName } from "@loupe/contracts";
import type { BlobStore, UploadFolder } from "@loupe/platform";

import { FORM_OVERHEAD_BYTES } from "../../../server/doors/list-doors.ts";
import { readMultipart, type IncomingFile } from "../../../server/uploads/read-multipart.ts";
import { requireZip } from "./require-zip.ts";

export type ReceivedImport = {
  readonly uploadKey: string;
  readonly fileName: string;
  readonly sizeBytes: number;
};

/**
 * Stream an uploaded zip (`archive`) or a dropped folder (many `files`) into the upload area.
 *
 * Whatever goes wrong, also a client that goes away, leaves nothing behind.
 * Throws BAD_INPUT, IMPORT_REFUSED or TOO_LARGE.
 */
export async function receiveImport(request: Request, blobs: BlobStore): Promise<ReceivedImport> {
  const receiver = new ImportReceiver(blobs);
  try {
    await readMultipart(request, {
      maxTotalBytes: IMPORT_LIMITS.archiveBytes + FORM_OVERHEAD_BYTES,
      maxFiles: IMPORT_LIMITS.files,
      onFile: (file) => receiver.take(file),
    });
    return receiver.result();
  } catch (error) {
    await receiver.discard();
    throw error;
  }
}

class ImportReceiver {
  #archive: ReceivedImport | null = null;
  #folder: UploadFolder | null = null;
  #folderName = "";

  constructor(private readonly blobs: BlobStore) {}

  async take(file: IncomingFile): Promise<void> {
    if (file.field === "archive" && this.#archive === null && this.#folder === null) {
      await this.#takeArchive(file);
    } else if (file.field === "files" && this.#archive === null) {
      await this.#takeFile(file);
    } else {
      throw new AppError(
        "BAD_INPUT",
        `Expected one archive or the files of one folder, got another ${JSON.stringify(file.field)}.`,
      );
    }
  }

  result(): ReceivedImport {
    if (this.#archive !== null) return this.#archive;
    if (this.#folder !== null) {
      const { key, sizeBytes } = this.#folder;
      return { uploadKey: key, sizeBytes, fileName: this.#folderName };
    }
    throw new AppError(
      "BAD_INPUT",
      "Expected a zip archive or a folder, got a form without files.",
    );
  }

  async discard(): Promise<void> {
    if (this.#archive !== null) await this.blobs.deleteUpload(this.#archive.uploadKey);
    if (this.#folder !== null) await this.blobs.deleteUpload(this.#folder.key);
  }

  async #takeArchive({ fileName, source }: IncomingFile): Promise<void> {
    const { key, sizeBytes } = await this.blobs.createUpload(requireZip(source, fileName), {
      maxBytes: IMPORT_LIMITS.archiveBytes,
    });
    this.#archive = { uploadKey: key, sizeBytes, fileName: tidyFileName(fileName, "archive.zip") };
  }

  async #takeFile({ fileName, source }: IncomingFile): Promise<void> {
    if (this.#folder === null) {
      this.#folder = this.blobs.createUploadFolder();
      this.#folderName = tidyFileName(fileName.split("/")[0] ?? "", "folder");
    }
    await this.#folder.add(fileName, source, { maxBytes: IMPORT_LIMITS.fileBytes });
  }
}
