import type {
  ContentHash,
  ImageId,
  ModelVersionId,
  OrganisationId,
  PredictionId,
  ProjectId,
} from "@loupe/contracts";

import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { makeId } from "../../make-id.ts";

export type NewPrediction = {
  readonly modelVersionId: ModelVersionId;
  readonly imageId: ImageId;
  readonly score: number;
  /** Content hash of the anomaly map's blob. */
  readonly mapKey: ContentHash;
};

export interface PredictionsRepository {
  /**
   * Score and map of one image under one model; scoring again keeps the id. A prediction that a
   * verdict names stays as people saw it.
   */
  upsert(prediction: NewPrediction): Promise<PredictionId>;
  /** The same for many images in one statement; of an image named twice the last row counts. */
  upsertMany(
    modelVersionId: ModelVersionId,
    rows: readonly Omit<NewPrediction, "modelVersionId">[],
  ): Promise<ReadonlyMap<ImageId, PredictionId>>;
  requireMap(
    id: PredictionId,
  ): Promise<{ organisationId: OrganisationId; projectId: ProjectId; mapKey: ContentHash }>;
}

export function predictionsRepository({ client }: Scope): PredictionsRepository {
  const upsertMany: PredictionsRepository["upsertMany"] = async (modelVersionId, rows) => {
    // In the order of the images, so that two of these wait for each other and never cross.
    const unique = [...new Map(rows.map((row) => [row.imageId, row])).values()]
      .toSorted((a, b) => (a.imageId < b.imageId ? -1 : 1))
      .map((row) => ({ ...row, id: makeId() }));
    const stored = await client.$queryRaw<{ id: PredictionId; imageId: ImageId }[]>`
      insert into "prediction" ("id", "modelVersionId", "imageId", "score", "mapKey")
      select (p->>'id')::uuid, ${modelVersionId}::uuid, (p->>'imageId')::uuid,
        (p->>'score')::float8, p->>'mapKey'
      from jsonb_array_elements(${JSON.stringify(unique)}::jsonb) with ordinality as listed(p, n)
      order by n
      on conflict ("modelVersionId", "imageId") do update set
        "score" = excluded."score", "mapKey" = excluded."mapKey"
      where not exists (select from "verdict" v where v."predictionId" = "prediction"."id")
      returning "id", "imageId"`;
    const ids = new Map(stored.map(({ id, imageId }) => [imageId, id]));
    const kept = unique.flatMap(({ imageId }) => (ids.has(imageId) ? [] : [imageId]));
    if (kept.length > 0) {
      const where = { modelVersionId, imageId: { in: kept } };
      const select = { id: true, imageId: true } as const;
      for (const row of await client.prediction.findMany({ where, select })) {
        ids.set(row.imageId as ImageId, row.id as PredictionId);
      }
    }
    return ids;
  };

  return {
    async upsert({ modelVersionId, ...row }) {
      const id = (await upsertMany(modelVersionId, [row])).get(row.imageId);
      if (id === undefined) throw notFound("image", row.imageId);
      return id;
    },

    upsertMany,

    async requireMap(id) {
      const row = await client.prediction.findUnique({
        where: { id },
        select: {
          mapKey: true,
          modelVersion: { select: { project: { select: { id: true, organizationId: true } } } },
        },
      });
      if (row === null) throw notFound("prediction", id);
      const { project } = row.modelVersion;
      return {
        organisationId: project.organizationId as OrganisationId,
        projectId: project.id as ProjectId,
        mapKey: row.mapKey as ContentHash,
      };
    },
  };
}
