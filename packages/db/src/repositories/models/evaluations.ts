import type {
  DatasetVersionId,
  EvaluationView,
  ModelVersionId,
  ScoredImage,
} from "@loupe/contracts";

import type { Scope } from "../../scope.ts";
import { type EvaluationFigures, listMetrics } from "./evaluation-metrics.ts";
import { EVALUATION_VIEW, evaluationView } from "./model-view.ts";

export type NewEvaluation = EvaluationFigures & {
  readonly modelVersionId: ModelVersionId;
  readonly datasetVersionId: DatasetVersionId;
};

export interface EvaluationsRepository {
  /** Evaluating the same pair again replaces the numbers. */
  create(evaluation: NewEvaluation): Promise<EvaluationView>;
  /** Raw scores of the version's test images; empty for a pair of two projects. */
  scores(
    modelVersionId: ModelVersionId,
    datasetVersionId: DatasetVersionId,
  ): Promise<ScoredImage[]>;
}

export function evaluationsRepository({ client, atomically }: Scope): EvaluationsRepository {
  return {
    create: (evaluation) =>
      atomically(async (tx) => {
        const { modelVersionId, datasetVersionId, categories } = evaluation;
        const pair = { modelVersionId, datasetVersionId };
        await tx.evaluation.deleteMany({ where: pair });
        const row = await tx.evaluation.create({
          data: {
            ...pair,
            categories: {
              create: categories.map(({ category, images, defectiveImages }) => {
                return { category, images, defectiveImages };
              }),
            },
            metrics: { create: listMetrics(evaluation) },
          },
          include: EVALUATION_VIEW,
        });
        return evaluationView(row);
      }),

    scores: (modelVersionId, datasetVersionId) => client.$queryRaw<ScoredImage[]>`
      select d."category", d."label"::text, p."score"
      from "dataset_item" d
      join "dataset_version" v on v."id" = d."datasetVersionId"
      join "model_version" m on m."id" = ${modelVersionId}::uuid and m."projectId" = v."projectId"
      join "prediction" p on p."modelVersionId" = m."id" and p."imageId" = d."imageId"
      where v."id" = ${datasetVersionId}::uuid and d."split" = 'test'
      order by d."category", p."score" desc, p."id"`,
  };
}
