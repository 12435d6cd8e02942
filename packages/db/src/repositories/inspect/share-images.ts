import type { ContentHash, ImageId, InspectionId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { LeaseLost, type LeaseToken } from "../runs/leases.ts";

export type InspectionImageRow = {
  readonly imageId: ImageId;
  readonly sha256: ContentHash;
  readonly fileName: string;
  readonly category: string;
  /** Why it could not be scored, or null. */
  readonly error: string | null;
};

/** What one worker takes of an inspection's images at once. */
export type TakeImages = { readonly id: InspectionId; readonly limit: number };

export type TakenImages = {
  readonly images: readonly InspectionImageRow[];
  /** There are more at which nobody is. */
  readonly hasMore: boolean;
};

/** What became of one image: an error is why it could not be scored. */
export type DoneImage = { readonly imageId: ImageId; readonly error: string | null };

/** Those that another worker is taking at the same moment are passed over, so that nobody waits. */
export async function takeImages(
  tx: Prisma.TransactionClient,
  { id, limit }: TakeImages,
  token: LeaseToken,
): Promise<TakenImages> {
  const free = await tx.$queryRaw<{ imageId: ImageId }[]>`
    select "imageId" from "inspection_image"
    where "inspectionId" = ${id}::uuid and not "isDone" and "leaseId" is null
    order by "imageId" limit ${limit + 1} for update skip locked`;
  const imageIds = free.slice(0, limit).map(({ imageId }) => imageId);
  await tx.inspectionImage.updateMany({
    where: { inspectionId: id, imageId: { in: imageIds } },
    data: { leaseId: token },
  });
  const images = await listImages(tx, { inspectionId: id, imageId: { in: imageIds } });
  return { images, hasMore: free.length > limit };
}

/**
 * Note what became of images that were taken with this token, which nobody else may do.
 *
 * @returns how many images of the inspection are not done
 */
export async function completeImages(
  tx: Prisma.TransactionClient,
  { id, images }: { readonly id: InspectionId; readonly images: readonly DoneImage[] },
  token: LeaseToken,
): Promise<number> {
  const count = await tx.$executeRaw`
    update "inspection_image" as x set "isDone" = true, "leaseId" = null, "error" = d->>'error'
    from jsonb_array_elements(${JSON.stringify(images)}::jsonb) as d
    where x."inspectionId" = ${id}::uuid and x."imageId" = (d->>'imageId')::uuid
      and x."leaseId" = ${token} and not x."isDone"`;
  if (count !== images.length) throw new LeaseLost();
  await tx.inspection.updateMany({ where: { id }, data: { imagesDone: { increment: count } } });
  return tx.inspectionImage.count({ where: { inspectionId: id, isDone: false } });
}

export async function listImages(
  client: Prisma.TransactionClient,
  where: Prisma.InspectionImageWhereInput,
): Promise<InspectionImageRow[]> {
  const rows = await client.inspectionImage.findMany({
    where,
    orderBy: { imageId: "asc" },
    include: { image: { include: { category: { select: { name: true } } } } },
  });
  return rows.map((row) => ({
    imageId: row.imageId as ImageId,
    sha256: row.image.sha256 as ContentHash,
    fileName: row.image.fileName,
    category: row.image.category.name,
    error: row.error,
  }));
}
