import type { ProjectId } from "@loupe/contracts";

import { requireInspectionRoom } from "../require-queue-room.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";

/** Say before the first byte of an upload whether its pictures may be inspected. */
export const admitInspection = projectUseCase(
  "inspection:write",
  ({ db, organisationId }, _input: { projectId: ProjectId }): Promise<void> =>
    requireInspectionRoom(db, organisationId),
);
