import type { ModelVersionId, YardstickView } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

/** The method that needs no training, and so the one that others have to beat. */
const YARDSTICK_METHOD = "bank";

/**
 * The newest memory bank measured on the same images as this model, or null when there is none.
 *
 * A model of one category is held against a bank's figures on that category.
 */
export async function readYardstick(
  ctx: ProjectContext,
  modelVersionId: ModelVersionId,
): Promise<YardstickView | null> {
  const { projectId, db } = ctx;
  const model = await db.models.require(modelVersionId, projectId);
  const { category } = model;
  const datasetVersionId = model.datasetVersion.id;
  const method = YARDSTICK_METHOD;
  const bank = await db.models.newestOf({ projectId, datasetVersionId, method, category });
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
}
