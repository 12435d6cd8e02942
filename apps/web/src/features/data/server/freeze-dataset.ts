import type { DatasetVersionView, FreezeDatasetInput } from "@loupe/contracts";
import { recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";

/** Freeze the project's images as a version, or return the one with the same content. */
export function freezeDataset(
  ctx: ProjectContext,
  { name }: FreezeDatasetInput,
): Promise<{ version: DatasetVersionView; isNew: boolean }> {
  return ctx.db.transaction(async (tx) => {
    const frozen = await tx.datasets.freeze({
      projectId: ctx.projectId,
      createdById: ctx.user.id,
      ...(name === undefined ? {} : { name }),
    });
    if (frozen.isNew) {
      await recordEvent(tx, {
        projectId: ctx.projectId,
        body: { type: "dataset.frozen", datasetVersionId: frozen.version.id },
        actorId: ctx.user.id,
      });
    }
    return frozen;
  });
}
