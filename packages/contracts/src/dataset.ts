import { z } from "zod";

import {
  ContentHash,
  DatasetVersionId,
  FreezeId,
  ImageId,
  ImportId,
  MaskId,
  ProjectId,
} from "./ids.ts";
import { KnownName, Title } from "./text.ts";

export const ImageLabel = z.enum(["good", "defective", "unknown"]);
export type ImageLabel = z.infer<typeof ImageLabel>;

export const Split = z.enum(["train", "test"]);
export type Split = z.infer<typeof Split>;

export const ImageView = z.object({
  id: ImageId,
  fileName: z.string(),
  category: z.string(),
  label: ImageLabel,
  defectType: z.string().nullable(),
  split: Split.nullable(),
  width: z.int(),
  height: z.int(),
  sizeBytes: z.int(),
  sha256: ContentHash,
  maskId: MaskId.nullable(),
  createdAt: z.date(),
});
export type ImageView = z.infer<typeof ImageView>;

export const ListImagesInput = z.strictObject({
  projectId: ProjectId,
  category: KnownName.optional(),
  split: Split.optional(),
  label: ImageLabel.optional(),
  /** Id of the last image of the page before. */
  cursor: ImageId.optional(),
  limit: z.int().min(1).max(200).default(60),
});
export type ListImagesInput = z.infer<typeof ListImagesInput>;

export const CategoryCount = z.object({
  category: z.string(),
  trainGood: z.int(),
  testGood: z.int(),
  testDefective: z.int(),
  unassigned: z.int(),
  masks: z.int(),
});
export type CategoryCount = z.infer<typeof CategoryCount>;

export const FreezeDatasetInput = z.strictObject({
  projectId: ProjectId,
  /** Left out: "Version N". */
  name: Title.optional(),
});
export type FreezeDatasetInput = z.infer<typeof FreezeDatasetInput>;

export const DatasetVersionView = z.object({
  id: DatasetVersionId,
  number: z.int(),
  name: z.string(),
  manifestHash: ContentHash,
  trainImages: z.int(),
  testImages: z.int(),
  defectiveImages: z.int(),
  categories: z.array(z.string()),
  createdAt: z.date(),
  createdBy: z.string(),
});
export type DatasetVersionView = z.infer<typeof DatasetVersionView>;

export const FreezeStatus = z.enum(["queued", "freezing", "succeeded", "failed"]);
export type FreezeStatus = z.infer<typeof FreezeStatus>;

/** True when the version is there, or never will be. */
export function isFinalFreezeStatus(status: FreezeStatus): boolean {
  return status === "succeeded" || status === "failed";
}

/** A person's wish for a version, and how far it has come. */
export const FreezeView = z.object({
  id: FreezeId,
  name: z.string().nullable(),
  status: FreezeStatus,
  imagesDone: z.int(),
  /** Null until it is known which images there are. */
  imagesTotal: z.int().nullable(),
  /** What it came to; `isNew` is false for one of the same content that was there already. */
  version: z.object({ id: DatasetVersionId, number: z.int(), isNew: z.boolean() }).nullable(),
  error: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type FreezeView = z.infer<typeof FreezeView>;

export const IMPORT_STATUSES = [
  "uploaded",
  "running",
  "succeeded",
  "refused",
  "failed",
  // Its worker takes back what it has stored.
  "cancelling",
  "cancelled",
] as const;
export const ImportStatus = z.enum(IMPORT_STATUSES);
export type ImportStatus = z.infer<typeof ImportStatus>;

/** True when nothing more will happen to the import. */
export function isFinalImportStatus(status: ImportStatus): boolean {
  return !UNENDED_IMPORT_STATUSES.has(status);
}

const UNENDED_IMPORT_STATUSES: ReadonlySet<ImportStatus> = new Set([
  "uploaded",
  "running",
  "cancelling",
]);

/** What became of one file of an import. The UI keeps a sentence for each. */
export const IMPORT_OUTCOMES = [
  "accepted",
  "mask_accepted",
  "duplicate",
  "leak",
  "not_an_image",
  "unsupported_image",
  "damaged_image",
  "too_large",
  "mask_without_image",
  "mask_wrong_size",
  "mask_empty",
  "outside_layout",
  "ignored",
] as const;
export const ImportOutcome = z.enum(IMPORT_OUTCOMES);
export type ImportOutcome = z.infer<typeof ImportOutcome>;

export const ImportFileView = z.object({
  path: z.string(),
  outcome: ImportOutcome,
  /** One sentence: what was found, and for refusals what would be accepted. */
  reason: z.string(),
  imageId: ImageId.nullable(),
});
export type ImportFileView = z.infer<typeof ImportFileView>;

export const ImportView = z.object({
  id: ImportId,
  fileName: z.string(),
  sizeBytes: z.int(),
  status: ImportStatus,
  filesDone: z.int(),
  /** Null while the archive is still being read. */
  filesTotal: z.int().nullable(),
  outcomes: z.partialRecord(ImportOutcome, z.int()),
  error: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type ImportView = z.infer<typeof ImportView>;

/** Limits of one import; the refusals quote them. */
export const IMPORT_LIMITS = {
  archiveBytes: 8 * 1024 ** 3,
  fileBytes: 256 * 1024 ** 2,
  files: 200_000,
  totalBytes: 32 * 1024 ** 3,
  /** A deflated image hardly shrinks; far more than this is a bomb. */
  compressionRatio: 200,
  pixels: 100_000_000,
} as const;
