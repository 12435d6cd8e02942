import type { ImportView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** The project's imports, newest first. */
export const listImports = projectUseCase(
  "data:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<ImportView[]> =>
    db.imports.list(projectId),
);
