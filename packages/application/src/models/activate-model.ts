import type { ModelVersionId, ModelVersionView, ProjectId } from "@loupe/contracts";
import { enqueue, recordEvent } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import { recordCasesChanged } from "../review/record-cases-changed.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";

/**
 * Let a model version score for the team from now on.
 *
 * Undecided cases that it has scored already move at once; a worker scores the others with it. Asking
 * again for the active version lets the worker try again what is left.
 */
export const activateModel = projectUseCase(
  "model:activate",
  (
    { db, actor, organisationId, projectId },
    { modelVersionId }: { projectId: ProjectId; modelVersionId: ModelVersionId },
  ): Promise<ModelVersionView> =>
    db.transaction(async (tx) => {
      const { model, moved, remaining } = await tx.models.activate(modelVersionId, projectId);
      const isRescoring = remaining > 0;
      if (isRescoring) {
        await enqueue(tx.sql, { name: "model.rescore", organisationId }, { modelVersionId });
      }
      await recordEvent(tx, {
        projectId,
        body: { type: "model.activated", modelVersionId, isRescoring },
        actorId: authorOf(actor),
      });
      await recordCasesChanged(tx, projectId, { count: moved });
      return model;
    }),
);
