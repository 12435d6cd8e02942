import type { ModelVersionId, ModelVersionView } from "@loupe/contracts";
import { enqueue, recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";

/**
 * Let a model version score for the team from now on.
 *
 * Undecided cases that it has scored already move at once; a worker scores the others with it. Asking
 * again for the active version lets the worker try again what is left.
 */
export function activateModel(
  { db, organisationId, projectId, user }: ProjectContext,
  modelVersionId: ModelVersionId,
): Promise<ModelVersionView> {
  return db.transaction(async (tx) => {
    const { model, moved, remaining } = await tx.models.activate(modelVersionId, projectId);
    const isRescoring = remaining > 0;
    if (isRescoring) {
      await enqueue(tx.sql, { name: "model.rescore", organisationId }, { modelVersionId });
    }
    await recordEvent(tx, {
      projectId,
      body: { type: "model.activated", modelVersionId, isRescoring },
      actorId: user.id,
    });
    if (moved > 0) {
      await recordEvent(tx, { projectId, body: { type: "cases.changed", count: moved } });
    }
    return model;
  });
}
