import type { ContentHash, DatasetVersionId, ProjectId, UserId } from "@loupe/contracts";
import { AppError } from "@loupe/contracts";
import { createHash } from "node:crypto";

import { Prisma } from "../../generated/client.ts";
import { takeNumber } from "../../take-number.ts";
import { requireProjectActor } from "../people/require-project-actor.ts";

/** The images of a version that is being frozen, as they were at one moment. */
export type DatasetSnapshot = {
  /** Of whoever freezes: taking a snapshot again under the same id replaces the one before. */
  readonly id: string;
  readonly projectId: ProjectId;
  readonly images: number;
};

export type ConcludeFreeze = {
  readonly snapshot: DatasetSnapshot;
  readonly manifestHash: ContentHash;
  /** Left out: "Version N". */
  readonly name?: string;
  readonly createdById: UserId;
};

type ManifestLine = {
  readonly sha256: string;
  readonly split: string;
  readonly label: string;
  readonly category: string;
  readonly defectType: string | null;
  readonly maskSha256: string | null;
};

/** Lines of the manifest that are in memory at once. */
const LINES_AT_ONCE = 5_000;

/** Which images a version holds: `i` is the image, `p` the import that brought it. */
const IS_IN_DATASET = Prisma.sql`i."origin" = 'dataset' and i."split" is not null
  and (p."id" is null or p."status" = 'succeeded')`;

/** Note which images there are now, with their newest masks: one statement, so one moment. */
export async function takeSnapshot(
  client: Prisma.TransactionClient,
  id: string,
  projectId: ProjectId,
): Promise<DatasetSnapshot> {
  await dropSnapshot(client, id);
  const images = await client.$executeRaw`
    insert into "dataset_snapshot_item"
      ("snapshotId", "sha256", "imageId", "split", "label", "category", "defectType", "maskId", "maskSha256")
    select ${id}::uuid, i."sha256", i."id", i."split", i."label", c."name", i."defectType", m."id", m."sha256"
    from "image" i
    join "category" c on c."id" = i."categoryId"
    left join "import" p on p."id" = i."importId"
    left join lateral (
      select k."id", k."sha256" from "mask" k left join "import" q on q."id" = k."importId"
      where k."imageId" = i."id" and (q."id" is null or q."status" = 'succeeded')
      order by k."revision" desc limit 1
    ) m on i."isMasked"
    where i."projectId" = ${projectId}::uuid and ${IS_IN_DATASET}`;
  if (images === 0) throw datasetIsEmpty(projectId);
  return { id, projectId, images };
}

/** Whether there is an image to freeze. */
export async function hasImagesToFreeze(
  client: Prisma.TransactionClient,
  projectId: ProjectId,
): Promise<boolean> {
  const rows = await client.$queryRaw<unknown[]>`
    select 1 from "image" i left join "import" p on p."id" = i."importId"
    where i."projectId" = ${projectId}::uuid and ${IS_IN_DATASET} limit 1`;
  return rows.length > 0;
}

export function datasetIsEmpty(projectId: ProjectId): AppError {
  return new AppError(
    "DATASET_IS_EMPTY",
    "Expected images with a split (train or test), found none. Import a folder in MVTec layout first.",
    { projectId },
  );
}

/**
 * SHA-256 over one line for each item, in the order of the content hashes, which are unique.
 *
 * Reads page by page, so that memory stays the same however many there are.
 */
export async function hashSnapshot(
  client: Prisma.TransactionClient,
  { id }: DatasetSnapshot,
  onPage: (imagesDone: number) => Promise<void> | void,
): Promise<ContentHash> {
  const hash = createHash("sha256");
  let last = "";
  let done = 0;
  for (;;) {
    const lines = await client.$queryRaw<ManifestLine[]>`
      select "sha256", "split"::text, "label"::text, "category", "defectType", "maskSha256"
      from "dataset_snapshot_item" where "snapshotId" = ${id}::uuid and "sha256" > ${last}
      order by "sha256" limit ${LINES_AT_ONCE}`;
    const newest = lines.at(-1);
    if (newest === undefined) return hash.digest("hex") as ContentHash;
    for (const { sha256, split, label, category, defectType, maskSha256 } of lines) {
      hash.update(`${JSON.stringify([sha256, split, label, category, defectType, maskSha256])}\n`);
    }
    last = newest.sha256;
    done += lines.length;
    await onPage(done);
  }
}

/**
 * Make the snapshot a version, or find the one that holds the same, and forget the snapshot.
 *
 * The version and its items become visible together: nobody sees one that is not complete.
 */
export async function concludeFreeze(
  tx: Prisma.TransactionClient,
  { snapshot, manifestHash, name, createdById }: ConcludeFreeze,
): Promise<{ id: DatasetVersionId; isNew: boolean }> {
  const { id: snapshotId, projectId } = snapshot;
  const actorId = await requireProjectActor(tx, projectId, createdById);
  const number = await takeNumber(tx, "dataset_version", projectId);
  const present = await tx.datasetVersion.findUnique({
    where: { projectId_manifestHash: { projectId, manifestHash } },
    select: { id: true },
  });
  const id = present?.id ?? (await create());
  await dropSnapshot(tx, snapshotId);
  return { id: id as DatasetVersionId, isNew: present === null };

  async function create(): Promise<string> {
    const [counts] = await tx.$queryRaw<Counts[]>`
      select count(*) filter (where "split" = 'train')::int as "trainImages",
        count(*) filter (where "split" = 'test')::int as "testImages",
        count(*) filter (where "label" = 'defective')::int as "defectiveImages",
        array(select distinct "category" from "dataset_snapshot_item"
          where "snapshotId" = ${snapshotId}::uuid order by 1) as "categories"
      from "dataset_snapshot_item" where "snapshotId" = ${snapshotId}::uuid`;
    if (counts === undefined) throw datasetIsEmpty(projectId);
    const version = await tx.datasetVersion.create({
      data: {
        projectId,
        number,
        name: name ?? `Version ${number}`,
        manifestHash,
        ...counts,
        createdById: actorId,
      },
      select: { id: true },
    });
    const items = await tx.$executeRaw`
      insert into "dataset_item"
        ("datasetVersionId", "imageId", "split", "label", "category", "defectType", "maskId")
      select ${version.id}::uuid, "imageId", "split", "label", "category", "defectType", "maskId"
      from "dataset_snapshot_item" where "snapshotId" = ${snapshotId}::uuid order by "sha256"`;
    if (items !== snapshot.images) {
      throw new Error(`Expected ${snapshot.images} images in snapshot ${snapshotId}, got ${items}`);
    }
    return version.id;
  }
}

type Counts = {
  trainImages: number;
  testImages: number;
  defectiveImages: number;
  categories: string[];
};

/** Forget a snapshot; one that is gone already is no error. */
export async function dropSnapshot(client: Prisma.TransactionClient, id: string): Promise<void> {
  await client.datasetSnapshotItem.deleteMany({ where: { snapshotId: id } });
}
