import type { ImageId, ImportId, ProjectId } from "@loupe/contracts";
import type { Database } from "@loupe/db";
import type { BlobStore } from "@loupe/platform";

import type { ImportLimits } from "./import-limits.ts";
import type { ImportReport } from "./import-report.ts";
import type { ReportLine } from "./report-line.ts";

/** Everything that the passes of one import share. */
export type ImportSession = {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly importId: ImportId;
  readonly projectId: ProjectId;
  readonly limits: ImportLimits;
  readonly report: ImportReport;
  /** Lines that an earlier delivery of the job has written, by path. */
  readonly earlierLines: ReadonlyMap<string, ReportLine>;
  /** Folder of this delivery alone, for files that are being looked at. */
  readonly scratchFolder: string;
  readonly signal: AbortSignal;
};

/** What became of an image, as far as its mask is concerned. */
export type ImageResult = Pick<ReportLine, "path" | "outcome"> & {
  readonly imageId: ImageId | null;
};

/** What became of the images of this upload, by the key that their masks must agree with. */
export type ImageResults = ReadonlyMap<string, ImageResult>;
