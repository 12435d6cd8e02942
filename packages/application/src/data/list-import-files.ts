import type { ImportFileView, ImportId, ImportOutcome, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

type ListImportFilesInput = {
  projectId: ProjectId;
  importId: ImportId;
  outcome?: ImportOutcome | undefined;
  /** Path of the last file of the page before. */
  cursor?: string | undefined;
  limit: number;
};

/** One page of an import's report, by path. Throws NOT_FOUND for an import of another project. */
export const listImportFiles = projectUseCase(
  "data:read",
  async (
    { db, projectId },
    { importId, outcome, cursor, limit }: ListImportFilesInput,
  ): Promise<{ rows: ImportFileView[]; nextCursor: string | null }> => {
    await db.imports.require(importId, projectId);
    return db.imports.listFiles(importId, {
      limit,
      ...(outcome === undefined ? {} : { outcome }),
      ...(cursor === undefined ? {} : { cursor }),
    });
  },
);
