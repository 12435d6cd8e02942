import type { DemoProgress, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** How far a demo project is on its way; null for any other. */
export const readDemoProgress = projectUseCase(
  "project:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<DemoProgress | null> =>
    db.demoWorlds.progressOf(projectId),
);
