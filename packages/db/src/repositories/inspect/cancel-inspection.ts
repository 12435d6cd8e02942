import {
  AppError,
  type CaseId,
  type ImageId,
  type InspectionId,
  isFinalInspectionStatus,
  type ModelVersionId,
  type PredictionId,
  type ProjectId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { ChangedCase, NewCase } from "../review/case-types.ts";
import { openOrRefresh } from "../review/open-or-refresh.ts";

type Held = {
  readonly id: InspectionId;
  readonly projectId: ProjectId;
  readonly modelVersionId: ModelVersionId;
  readonly imagesDone: number;
};

/**
 * End an inspection and take back what it brought, but what people have decided.
 *
 * Its row is held first, as by whoever stores scores, so nothing of it is added afterwards. Cases
 * are held before their verdicts are looked for, so that no verdict is lost that comes meanwhile.
 *
 * @returns the cases that changed, or null when it was cancelled before
 */
export async function cancelInspection(
  tx: Prisma.TransactionClient,
  id: InspectionId,
  projectId: ProjectId,
): Promise<ChangedCase[] | null> {
  const held = await hold(tx, id, projectId);
  if (held === null) return null;
  const cases = await tx.$queryRaw<ChangedCase[]>`
    select "id", "category", "inspectionId" from "case"
    where "inspectionId" = ${id}::uuid order by "imageId" for update`;
  const moved = await handBackCases(tx, held);
  await tx.$executeRaw`
    delete from "case" c where c."inspectionId" = ${id}::uuid
      and not exists (select from "verdict" v where v."caseId" = c."id")`;

  const imagesTotal = await tx.inspectionImage.count({ where: { inspectionId: id } });
  await removeImages(tx, held);
  const kept = await tx.case.count({ where: { inspectionId: id } });
  await tx.inspection.update({
    where: { id },
    data: {
      status: "cancelled",
      imagesDone: await tx.inspectionImage.count({ where: { inspectionId: id } }),
      error: describeEnd({ imagesDone: held.imagesDone, imagesTotal, kept }),
      finishedAt: new Date(),
    },
  });
  return [...cases, ...moved];
}

async function hold(
  tx: Prisma.TransactionClient,
  id: InspectionId,
  projectId: ProjectId,
): Promise<Held | null> {
  await tx.$queryRaw`
    select "id" from "inspection"
    where "id" = ${id}::uuid and "projectId" = ${projectId}::uuid for no key update`;
  const row = await tx.inspection.findFirst({ where: { id, projectId } });
  if (row === null) throw notFound("inspection", id);
  if (row.status === "cancelled") return null;
  if (isFinalInspectionStatus(row.status)) {
    throw new AppError(
      "INSPECTION_ALREADY_FINISHED",
      `Expected an inspection that is under way, inspection ${row.number} has ${row.status}. Its cases are in Review.`,
      { inspectionId: id, status: row.status },
    );
  }
  return {
    id,
    projectId,
    modelVersionId: row.modelVersionId as ModelVersionId,
    imagesDone: row.imagesDone,
  };
}

/**
 * A case that was there before, and that this inspection's scores had moved, goes back to the
 * newest score that is not this inspection's own.
 */
async function handBackCases(
  tx: Prisma.TransactionClient,
  { id, projectId, modelVersionId }: Held,
): Promise<ChangedCase[]> {
  const rows = await tx.$queryRaw<Earlier[]>`
    select distinct on (c."id") c."id", c."imageId", c."category",
      p."id" as "predictionId", (
        select o."id" from "inspection_image" oi join "inspection" o on o."id" = oi."inspectionId"
        where oi."imageId" = c."imageId" and o."id" <> ${id}::uuid and o."status" <> 'cancelled'
        order by o."modelVersionId" = p."modelVersionId" desc, o."number" desc limit 1
      ) as "inspectionId"
    from "case" c join "prediction" p on p."imageId" = c."imageId"
    where c."inspectionId" = ${id}::uuid
      and not exists (select from "verdict" v where v."caseId" = c."id")
      and (p."modelVersionId" <> ${modelVersionId}::uuid or exists (
        select from "inspection_image" oi join "inspection" o on o."id" = oi."inspectionId"
        where oi."imageId" = p."imageId" and o."id" <> ${id}::uuid and o."status" <> 'cancelled'
          and o."modelVersionId" = p."modelVersionId"
      ) or exists (
        select from "evaluation" e
        join "dataset_item" d on d."datasetVersionId" = e."datasetVersionId"
        where e."modelVersionId" = p."modelVersionId" and d."imageId" = p."imageId"
      ))
    order by c."id", p."createdAt" desc`;
  // Without a rank it may go back to another version, also from the active one.
  await tx.$executeRaw`
    update "case" c set "inspectionId" = (r->>'inspectionId')::uuid, "modelRank" = 0
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as r
    where c."id" = (r->>'id')::uuid`;
  await openOrRefresh(
    tx,
    projectId,
    rows.map(({ imageId, predictionId, category }): NewCase => {
      return { imageId, predictionId, category };
    }),
  );
  return rows;
}

type Earlier = {
  readonly id: CaseId;
  readonly imageId: ImageId;
  readonly category: string;
  readonly predictionId: PredictionId;
  readonly inspectionId: InspectionId | null;
};

/** Remove the images that came for this inspection alone, with its scores of them. */
async function removeImages(
  tx: Prisma.TransactionClient,
  { id, modelVersionId }: Held,
): Promise<void> {
  const removed = await tx.$queryRaw<{ imageId: string }[]>`
    delete from "inspection_image" x where x."inspectionId" = ${id}::uuid
      and not exists (select from "case" c where c."inspectionId" = x."inspectionId" and c."imageId" = x."imageId")
    returning x."imageId"`;
  const imageIds = removed.map(({ imageId }) => imageId);
  await tx.$executeRaw`
    delete from "prediction" p
    where p."modelVersionId" = ${modelVersionId}::uuid and p."imageId" = any(${imageIds}::uuid[])
      and not exists (select from "case" c where c."predictionId" = p."id")
      and not exists (select from "verdict" v where v."predictionId" = p."id")
      and not exists (
        select from "inspection_image" oi join "inspection" o on o."id" = oi."inspectionId"
        where oi."imageId" = p."imageId" and o."modelVersionId" = p."modelVersionId")
      and not exists (
        select from "evaluation" e join "dataset_item" d on d."datasetVersionId" = e."datasetVersionId"
        where e."modelVersionId" = p."modelVersionId" and d."imageId" = p."imageId")`;
  await tx.$executeRaw`
    delete from "image" i
    where i."id" = any(${imageIds}::uuid[]) and i."origin" = 'inspection'
      and not exists (select from "inspection_image" x where x."imageId" = i."id")
      and not exists (select from "case" c where c."imageId" = i."id")
      and not exists (select from "prediction" p where p."imageId" = i."id")
      and not exists (select from "dataset_item" d where d."imageId" = i."id")
      and not exists (select from "run_probe" r where r."imageId" = i."id")
      and not exists (select from "import_file" f where f."imageId" = i."id")`;
}

function describeEnd(end: { imagesDone: number; imagesTotal: number; kept: number }): string {
  const pictures = end.imagesTotal === 1 ? "1 picture" : `${end.imagesTotal} pictures`;
  const rest =
    end.kept === 0
      ? "Nothing of it was kept."
      : end.kept === 1
        ? "1 case with a verdict stays."
        : `${end.kept} cases with a verdict stay.`;
  return `Cancelled after ${end.imagesDone} of ${pictures}. ${rest}`;
}
