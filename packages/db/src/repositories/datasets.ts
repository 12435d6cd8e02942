import {
  AppError,
  type ContentHash,
  type DatasetVersionId,
  type DatasetVersionView,
  type ImageId,
  type ImageLabel,
  type MaskId,
  type ProjectId,
  type Split,
  type UserId,
} from "@loupe/contracts";
import { createHash } from "node:crypto";

import type { Prisma } from "../generated/client.ts";
import { notFound } from "../not-found.ts";
import type { Scope } from "../scope.ts";
import { takeNumber } from "../take-number.ts";

export type FreezeDataset = {
  readonly projectId: ProjectId;
  /** Left out: "Version N". */
  readonly name?: string;
  readonly createdById: UserId;
};

export type DatasetItemRow = {
  readonly imageId: ImageId;
  readonly sha256: ContentHash;
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly split: Split;
  readonly label: ImageLabel;
  readonly category: string;
  readonly defectType: string | null;
  readonly maskId: MaskId | null;
  readonly maskSha256: ContentHash | null;
};

export interface DatasetsRepository {
  /**
   * Freeze the project's images that have a split, with their newest masks, as a version.
   *
   * Images of imports that have not succeeded are left out. Unchanged content
   * gives the version that holds it already. Throws DATASET_IS_EMPTY.
   */
  freeze(input: FreezeDataset): Promise<{ version: DatasetVersionView; isNew: boolean }>;
  /** The project's versions, newest first. */
  list(projectId: ProjectId): Promise<DatasetVersionView[]>;
  require(id: DatasetVersionId, projectId: ProjectId): Promise<DatasetVersionView>;
  /** The images of a version in a fixed order: category, split, label, content hash. */
  items(id: DatasetVersionId): Promise<DatasetItemRow[]>;
}

/** Rows in one statement: a version may have hundreds of thousands of items. */
const ITEMS_AT_ONCE = 5_000;

const VIEW = {
  createdBy: { select: { name: true } },
} as const satisfies Prisma.DatasetVersionInclude;

type VersionRow = Prisma.DatasetVersionGetPayload<{ include: typeof VIEW }>;

export function datasetsRepository({ client, atomically }: Scope): DatasetsRepository {
  return {
    freeze: (input) => atomically((tx) => freeze(tx, input)),

    async list(projectId) {
      const rows = await client.datasetVersion.findMany({
        where: { projectId },
        orderBy: { number: "desc" },
        include: VIEW,
      });
      return withCategories(client, rows);
    },

    async require(id, projectId) {
      const row = await client.datasetVersion.findFirst({
        where: { id, projectId },
        include: VIEW,
      });
      if (row === null) throw notFound("dataset version", id);
      return requireView(client, row);
    },

    items: (id) => client.$queryRaw<DatasetItemRow[]>`
      select d."imageId", i."sha256", i."fileName", i."width", i."height", d."split"::text,
        d."label"::text, d."category", d."defectType", d."maskId", m."sha256" as "maskSha256"
      from "dataset_item" d
      join "image" i on i."id" = d."imageId"
      left join "mask" m on m."id" = d."maskId"
      where d."datasetVersionId" = ${id}::uuid
      order by d."category", d."split", d."label", i."sha256"`,
  };
}

type Candidate = Omit<DatasetItemRow, "fileName" | "width" | "height">;

async function freeze(
  tx: Prisma.TransactionClient,
  { projectId, name, createdById }: FreezeDataset,
): Promise<{ version: DatasetVersionView; isNew: boolean }> {
  const number = await takeNumber(tx, "dataset_version", projectId);
  const items = await candidates(tx, projectId);
  if (items.length === 0) {
    throw new AppError(
      "DATASET_IS_EMPTY",
      "Expected images with a split (train or test), found none. Import a folder in MVTec layout first.",
      { projectId },
    );
  }
  const manifestHash = hashManifest(items);
  const present = await tx.datasetVersion.findUnique({
    where: { projectId_manifestHash: { projectId, manifestHash } },
    include: VIEW,
  });
  if (present !== null) return { version: await requireView(tx, present), isNew: false };

  const row = await tx.datasetVersion.create({
    data: {
      projectId,
      number,
      name: name ?? `Version ${number}`,
      manifestHash,
      trainImages: items.filter((item) => item.split === "train").length,
      testImages: items.filter((item) => item.split === "test").length,
      defectiveImages: items.filter((item) => item.label === "defective").length,
      createdById,
    },
    include: VIEW,
  });
  for (let start = 0; start < items.length; start += ITEMS_AT_ONCE) {
    await tx.datasetItem.createMany({
      data: items.slice(start, start + ITEMS_AT_ONCE).map((item) => ({
        datasetVersionId: row.id,
        imageId: item.imageId,
        split: item.split,
        label: item.label,
        category: item.category,
        defectType: item.defectType,
        maskId: item.maskId,
      })),
    });
  }
  return { version: await requireView(tx, row), isNew: true };
}

function candidates(tx: Prisma.TransactionClient, projectId: ProjectId): Promise<Candidate[]> {
  return tx.$queryRaw<Candidate[]>`
    select i."id" as "imageId", i."sha256", i."split"::text, i."label"::text,
      c."name" as "category", i."defectType", m."id" as "maskId", m."sha256" as "maskSha256"
    from "image" i
    join "category" c on c."id" = i."categoryId"
    left join "import" p on p."id" = i."importId"
    left join lateral (
      select k."id", k."sha256" from "mask" k left join "import" q on q."id" = k."importId"
      where k."imageId" = i."id" and (q."id" is null or q."status" = 'succeeded')
      order by k."revision" desc limit 1
    ) m on true
    where i."projectId" = ${projectId}::uuid and i."origin" = 'dataset' and i."split" is not null
      and (p."id" is null or p."status" = 'succeeded')
    order by i."sha256"`;
}

/** SHA-256 over one line for each item, in the order of the content hashes, which are unique. */
function hashManifest(items: readonly Candidate[]): ContentHash {
  const hash = createHash("sha256");
  for (const { sha256, split, label, category, defectType, maskSha256 } of items) {
    hash.update(`${JSON.stringify([sha256, split, label, category, defectType, maskSha256])}\n`);
  }
  return hash.digest("hex") as ContentHash;
}

async function requireView(
  client: Prisma.TransactionClient,
  row: VersionRow,
): Promise<DatasetVersionView> {
  const [view] = await withCategories(client, [row]);
  if (view === undefined) throw notFound("dataset version", row.id);
  return view;
}

async function withCategories(
  client: Prisma.TransactionClient,
  rows: readonly VersionRow[],
): Promise<DatasetVersionView[]> {
  const groups = await client.datasetItem.groupBy({
    by: ["datasetVersionId", "category"],
    where: { datasetVersionId: { in: rows.map((row) => row.id) } },
    orderBy: { category: "asc" },
  });
  return rows.map((row) => ({
    id: row.id as DatasetVersionId,
    number: row.number,
    name: row.name,
    manifestHash: row.manifestHash as ContentHash,
    trainImages: row.trainImages,
    testImages: row.testImages,
    defectiveImages: row.defectiveImages,
    categories: groups.flatMap((group) =>
      group.datasetVersionId === row.id ? [group.category] : [],
    ),
    createdAt: row.createdAt,
    createdBy: row.createdBy.name,
  }));
}
