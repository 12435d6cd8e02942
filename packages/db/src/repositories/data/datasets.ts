import {
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

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import {
  type ConcludeFreeze,
  concludeFreeze,
  type DatasetSnapshot,
  dropSnapshot,
  hashSnapshot,
  hasImagesToFreeze,
  takeSnapshot,
} from "./dataset-snapshot.ts";
import { makeId } from "../../make-id.ts";

export type FreezeDataset = {
  readonly projectId: ProjectId;
  /** Left out: "Version N". */
  readonly name?: string;
  readonly createdById: UserId;
};

export type FrozenDataset = { readonly version: DatasetVersionView; readonly isNew: boolean };

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
   *
   * The whole in one transaction; a job takes its three steps one by one and tells its progress.
   */
  freeze(input: FreezeDataset): Promise<FrozenDataset>;
  hasImagesToFreeze(projectId: ProjectId): Promise<boolean>;
  /** The first step: note which images there are at this moment. Throws DATASET_IS_EMPTY. */
  takeSnapshot(id: string, projectId: ProjectId): Promise<DatasetSnapshot>;
  /** The second one: the hash by which unchanged content is known, in constant memory. */
  hashSnapshot(
    snapshot: DatasetSnapshot,
    onPage: (imagesDone: number) => Promise<void> | void,
  ): Promise<ContentHash>;
  /** The last one: the version with all its items, or the one that there is. */
  concludeFreeze(input: ConcludeFreeze): Promise<FrozenDataset>;
  /** Forget a snapshot that comes to nothing. */
  dropSnapshot(id: string): Promise<void>;
  /** The project's versions, newest first. */
  list(projectId: ProjectId): Promise<DatasetVersionView[]>;
  require(id: DatasetVersionId, projectId: ProjectId): Promise<DatasetVersionView>;
  /** The images of a version in a fixed order: category, split, label, content hash. */
  items(id: DatasetVersionId): Promise<DatasetItemRow[]>;
}

const VIEW = {
  createdBy: { select: { name: true } },
} as const satisfies Prisma.DatasetVersionInclude;

type VersionRow = Prisma.DatasetVersionGetPayload<{ include: typeof VIEW }>;

async function conclude(
  tx: Prisma.TransactionClient,
  input: ConcludeFreeze,
): Promise<FrozenDataset> {
  const { id, isNew } = await concludeFreeze(tx, input);
  const row = await tx.datasetVersion.findUniqueOrThrow({ where: { id }, include: VIEW });
  return { version: versionView(row), isNew };
}

export function datasetsRepository({ client, atomically }: Scope): DatasetsRepository {
  return {
    freeze: ({ projectId, ...input }) =>
      atomically(async (tx) => {
        const snapshot = await takeSnapshot(tx, makeId(), projectId);
        const manifestHash = await hashSnapshot(tx, snapshot, () => undefined);
        return conclude(tx, { snapshot, manifestHash, ...input });
      }),
    hasImagesToFreeze: (projectId) => hasImagesToFreeze(client, projectId),
    takeSnapshot: (id, projectId) => takeSnapshot(client, id, projectId),
    hashSnapshot: (snapshot, onPage) => hashSnapshot(client, snapshot, onPage),
    concludeFreeze: (input) => atomically((tx) => conclude(tx, input)),
    dropSnapshot: (id) => dropSnapshot(client, id),

    async list(projectId) {
      const rows = await client.datasetVersion.findMany({
        where: { projectId },
        orderBy: { number: "desc" },
        include: VIEW,
      });
      return rows.map(versionView);
    },

    async require(id, projectId) {
      const row = await client.datasetVersion.findFirst({
        where: { id, projectId },
        include: VIEW,
      });
      if (row === null) throw notFound("dataset version", id);
      return versionView(row);
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

function versionView(row: VersionRow): DatasetVersionView {
  return {
    id: row.id as DatasetVersionId,
    number: row.number,
    name: row.name,
    manifestHash: row.manifestHash as ContentHash,
    trainImages: row.trainImages,
    testImages: row.testImages,
    defectiveImages: row.defectiveImages,
    categories: row.categories,
    createdAt: row.createdAt,
    createdBy: row.createdBy.name,
  };
}
