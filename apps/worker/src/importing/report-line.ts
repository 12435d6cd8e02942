import type { ImageId, ImportOutcome } from "@loupe/contracts";

/** What became of one file: a row of the import's report. */
export type ReportLine = {
  readonly path: string;
  readonly outcome: ImportOutcome;
  /** One sentence: what was found, and for refusals what would be accepted. */
  readonly reason: string;
  readonly imageId: ImageId | null;
};
