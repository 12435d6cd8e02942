import { AppError, type ModelVersionId, type ModelVersionView } from "@loupe/contracts";

import type { ProjectScene } from "../use-case/project-use-case.ts";

type Place = Pick<ProjectScene, "db" | "projectId">;

/** The named version, or the one that scores for the team. Throws NOT_FOUND or MODEL_NOT_READY. */
export async function chooseModel(
  { db, projectId }: Place,
  id: ModelVersionId | undefined,
): Promise<ModelVersionView> {
  if (id !== undefined) return db.models.require(id, projectId);
  const active = await db.models.active(projectId);
  if (active === null) {
    throw new AppError("MODEL_NOT_READY", "Scoring needs a model. Train one first.");
  }
  return active;
}

/** The category that pictures show: one that the model knows, since nothing else can be scored. */
export async function chooseCategory(
  { db, projectId }: Place,
  model: ModelVersionView,
  named: string | undefined,
): Promise<string> {
  const known =
    model.category === null
      ? (await db.datasets.require(model.datasetVersion.id, projectId)).categories
      : [model.category];
  const [only] = known;
  if (named === undefined && known.length === 1 && only !== undefined) return only;
  if (named !== undefined && known.includes(named)) return named;
  throw new AppError(
    "BAD_INPUT",
    `Expected one of the categories that version ${model.number} knows (${known.join(", ")}), got ` +
      `${named === undefined ? "none" : JSON.stringify(named)}. Choose one of them.`,
    { categories: known },
  );
}
