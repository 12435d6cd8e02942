import type { CategoryCount, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** How many images each category has, by split and label. */
export const countImages = projectUseCase(
  "data:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<CategoryCount[]> =>
    db.images.countByCategory(projectId),
);
