import type { ModelVersionId, ScoredImage } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

/** Raw scores of a model's test images, for histograms; empty before its evaluation is stored. */
export async function readScores(
  ctx: ProjectContext,
  modelVersionId: ModelVersionId,
): Promise<ScoredImage[]> {
  const model = await ctx.db.models.require(modelVersionId, ctx.projectId);
  return ctx.db.evaluations.scores(model.id, model.datasetVersion.id);
}
