import type { FreezeView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** Versions that are being frozen or were asked for lately. */
export const listFreezes = projectUseCase(
  "data:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<FreezeView[]> =>
    db.freezes.list(projectId),
);
