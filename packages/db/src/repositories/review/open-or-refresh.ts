import { ACTIVE_MODEL_RANK, type CaseId, type ProjectId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import type { NewCase } from "./case-types.ts";
import { lockQueue } from "./lock-queue.ts";
import { makeId } from "../../make-id.ts";

/** Open a case for each image, or move its undecided case to the prediction; see `CasesRepository`. */
export async function openOrRefresh(
  tx: Prisma.TransactionClient,
  projectId: ProjectId,
  rows: readonly NewCase[],
): Promise<CaseId[]> {
  await lockQueue(tx, projectId, "shared");
  // One statement cannot touch a case twice: the last row of an image counts. In the order of the
  // images, so that two of these wait for each other instead of locking each other out.
  const unique = [...new Map(rows.map((row) => [row.imageId, row])).values()];
  const cases = unique
    .toSorted((a, b) => (a.imageId < b.imageId ? -1 : 1))
    .map((row) => ({ ...row, id: makeId() }));
  // The score is that of the stored prediction, which stays as it is once a verdict names it.
  const changed = await tx.$queryRaw<{ id: CaseId }[]>`
    insert into "case" ("id", "projectId", "imageId", "predictionId", "inspectionId", "category", "score",
      "standardScore", "modelRank")
    select (c->>'id')::uuid, i."projectId", i."id", p."id",
      (c->>'inspectionId')::uuid, c->>'category', p."score",
      (p."score" - good."mean") / greatest(good."deviation", 1e-3 * abs(good."mean"), 1e-9),
      case when m."id" = j."activeModelVersionId" then ${ACTIVE_MODEL_RANK}::int else m."number" end
    from jsonb_array_elements(${JSON.stringify(cases)}::jsonb) with ordinality as listed(c, n)
    join "image" i on i."id" = (c->>'imageId')::uuid and i."projectId" = ${projectId}::uuid
    join "project" j on j."id" = i."projectId"
    join "prediction" p on p."id" = (c->>'predictionId')::uuid and p."imageId" = i."id"
    join "model_version" m on m."id" = p."modelVersionId"
    left join "category_scale" s on s."modelVersionId" = m."id" and s."category" = c->>'category'
    cross join lateral (select
      coalesce(s."goodMean", m."goodMean") as "mean",
      coalesce(s."goodDeviation", m."goodDeviation") as "deviation") good
    order by n
    on conflict ("projectId", "imageId") do update set
      "predictionId" = excluded."predictionId",
      "inspectionId" = coalesce(excluded."inspectionId", "case"."inspectionId"),
      "score" = excluded."score",
      "standardScore" = excluded."standardScore",
      "modelRank" = excluded."modelRank",
      "version" = "case"."version" + 1
    where "case"."state" <> 'decided'
      and ("case"."predictionId" <> excluded."predictionId" or "case"."score" <> excluded."score")
      -- Nothing but the active version takes a case away from the active version.
      and ("case"."modelRank" < ${ACTIVE_MODEL_RANK}::int or excluded."modelRank" = ${ACTIVE_MODEL_RANK}::int)
    returning "case"."id"`;
  return changed.map(({ id }) => id);
}
