import type { ProjectId } from "@loupe/contracts";

import { requireImportRoom } from "../require-queue-room.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";

/** Say before the first byte of an upload whether it may become an import. */
export const admitImport = projectUseCase(
  "data:write",
  ({ db, organisationId }, _input: { projectId: ProjectId }): Promise<void> =>
    requireImportRoom(db, organisationId),
);
