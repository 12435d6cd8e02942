import type { BaselineView, ModelVersionId, ProjectId } from "@loupe/contracts";
import { BASELINE_METHOD } from "@loupe/model/catalog";

import { projectUseCase } from "../use-case/project-use-case.ts";

/**
 * The newest memory bank measured on the same images as this model, or null when there is none.
 *
 * A model of one category is held against a bank's figures on that category.
 */
export const readBaseline = projectUseCase(
  "model:read",
  async (
    { db, projectId },
    { modelVersionId }: { projectId: ProjectId; modelVersionId: ModelVersionId },
  ): Promise<BaselineView | null> => {
    const model = await db.models.require(modelVersionId, projectId);
    const { category } = model;
    const bank = await db.models.newestOf({
      projectId,
      datasetVersionId: model.datasetVersion.id,
      method: BASELINE_METHOD,
      category,
    });
    if (bank?.evaluation == null) return null;
    const { categories, meanImageAuroc, meanPixelAuroc } = bank.evaluation;
    const same = categories.filter((row) => category === null || row.category === category);
    const [only] = same;
    const means =
      category === null || only === undefined
        ? { meanImageAuroc, meanPixelAuroc }
        : { meanImageAuroc: only.imageAuroc, meanPixelAuroc: only.pixelAuroc };
    const { id, number, encoder } = bank;
    return { modelVersionId: id, number, encoder, ...means, categories: same };
  },
);
