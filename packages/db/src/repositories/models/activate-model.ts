import {
  ACTIVE_MODEL_RANK,
  type ModelVersionId,
  type ModelVersionView,
  type PredictionId,
  type ImageId,
  type ProjectId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import { lockQueue } from "../review/lock-queue.ts";
import { MODEL_VIEW, modelView } from "./model-view.ts";
import { openOrRefresh } from "../review/open-or-refresh.ts";

/** Make a version the active one; see `ModelsRepository`. */
export async function activateModel(
  tx: Prisma.TransactionClient,
  id: ModelVersionId,
  projectId: ProjectId,
): Promise<{ model: ModelVersionView; moved: number; remaining: number }> {
  await lockQueue(tx, projectId, "exclusive");
  const known = await tx.modelVersion.count({ where: { id, projectId } });
  if (known === 0) throw notFound("model version", id);
  // Rows of cases before that of the project, as a verdict takes them.
  await tx.$queryRaw`
    select "id"::text from "case" where "projectId" = ${projectId}::uuid order by "imageId" for update`;
  await tx.project.update({ where: { id: projectId }, data: { activeModelVersionId: id } });

  // Cases of the version before become those of a version among others, and the new one's own the first.
  await tx.$executeRaw`
    update "case" c set "modelRank" = ranked."rank"
    from (
      select k."id",
        case when m."id" = ${id}::uuid then ${ACTIVE_MODEL_RANK}::int else m."number" end as "rank"
      from "case" k
      join "prediction" p on p."id" = k."predictionId"
      join "model_version" m on m."id" = p."modelVersionId"
      where k."projectId" = ${projectId}::uuid
    ) ranked
    where ranked."id" = c."id" and c."modelRank" <> ranked."rank"`;
  const scored = await tx.$queryRaw<
    { imageId: ImageId; predictionId: PredictionId; category: string }[]
  >`
    select c."imageId", p."id" as "predictionId", c."category"
    from "case" c
    join "prediction" p on p."imageId" = c."imageId" and p."modelVersionId" = ${id}::uuid
    where c."projectId" = ${projectId}::uuid and c."state" <> 'decided'
      and c."predictionId" <> p."id"`;
  const moved = (await openOrRefresh(tx, projectId, scored)).length;
  const remaining = await tx.case.count({
    where: {
      projectId,
      state: { not: "decided" },
      modelRank: { lt: ACTIVE_MODEL_RANK },
    },
  });
  await tx.project.update({ where: { id: projectId }, data: { isRescoring: remaining > 0 } });
  const row = await tx.modelVersion.findUniqueOrThrow({ where: { id }, include: MODEL_VIEW });
  return { model: modelView(row), moved, remaining };
}
