import type { EncoderPullView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** Downloads of encoders that were asked for in this project, newest first. */
export const listEncoderPulls = projectUseCase(
  "run:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<EncoderPullView[]> =>
    db.encoderPulls.list(projectId),
);
