import type { ImportId, ImportView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** One import as it is now. Throws NOT_FOUND. */
export const getImport = projectUseCase(
  "data:read",
  (
    { db },
    { importId, projectId }: { projectId: ProjectId; importId: ImportId },
  ): Promise<ImportView> => db.imports.require(importId, projectId),
);
