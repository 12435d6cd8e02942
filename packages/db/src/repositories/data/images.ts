import type {
  CategoryCount,
  ContentHash,
  ImageId,
  ImageLabel,
  ImageView,
  ImportId,
  ListImagesInput,
  MaskId,
  OrganisationId,
  ProjectId,
  Split,
} from "@loupe/contracts";

import type { ImageOrigin, Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import type { SiteThen } from "../people/read-site.ts";

export type NewImage = {
  readonly projectId: ProjectId;
  /** Made when the project does not have it yet, unless the image comes to be scored. */
  readonly category: string;
  readonly sha256: ContentHash;
  readonly fileName: string;
  /** Path inside the archive or folder that it came from. */
  readonly sourcePath: string;
  readonly sizeBytes: number;
  readonly width: number;
  readonly height: number;
  readonly label: ImageLabel;
  readonly defectType: string | null;
  /** Null: uploaded to be scored. */
  readonly split: Split | null;
  /** One that comes to be scored is kept apart from the data, whose categories it may only name. */
  readonly origin?: ImageOrigin;
  /** The import that brings it, which can take it back until it has succeeded. */
  readonly importId?: ImportId;
};

export type StoredImage = ImageView & {
  readonly sourcePath: string;
  /** The import that brought it: a resumed import knows its own images from duplicates. */
  readonly importId: ImportId | null;
};

export type ImageFile = {
  readonly organisationId: OrganisationId;
  readonly projectId: ProjectId;
  readonly sha256: ContentHash;
  readonly fileName: string;
};

export interface ImagesRepository {
  /** One page of a project's data, ordered by id, and the cursor of the next page. */
  list(input: ListImagesInput): Promise<{ rows: ImageView[]; nextCursor: ImageId | null }>;
  countByCategory(projectId: ProjectId): Promise<CategoryCount[]>;
  /** Among the project's data. */
  findByHash(projectId: ProjectId, sha256: ContentHash): Promise<StoredImage | null>;
  /** Store an image once: for content that the project has of the same origin, that image and `isNew: false`. */
  create(image: NewImage): Promise<{ image: StoredImage; isNew: boolean }>;
  requireInProject(id: ImageId, projectId: ProjectId): Promise<ImageView>;
  /** What a file route needs to check the reader and to find the blob. Throws NOT_FOUND. */
  requireFile(id: ImageId): Promise<ImageFile>;
}

const VIEW = {
  category: { select: { name: true } },
  masks: { select: { id: true }, orderBy: { revision: "desc" }, take: 1 },
} as const satisfies Prisma.ImageInclude;

type ImageRow = Prisma.ImageGetPayload<{ include: typeof VIEW }>;

export function imagesRepository({ client, atomically }: Scope): ImagesRepository {
  return {
    async list(input) {
      const rows = await client.image.findMany({
        where: {
          projectId: input.projectId,
          origin: "dataset",
          ...(input.category !== undefined && { category: { name: input.category } }),
          ...(input.split !== undefined && { split: input.split }),
          ...(input.label !== undefined && { label: input.label }),
          ...(input.cursor !== undefined && { id: { gt: input.cursor } }),
        },
        orderBy: { id: "asc" },
        take: input.limit + 1,
        include: VIEW,
      });
      const page = rows.slice(0, input.limit).map(imageView);
      return {
        rows: page,
        nextCursor: rows.length > input.limit ? (page.at(-1)?.id ?? null) : null,
      };
    },

    countByCategory: (projectId) => client.$queryRaw<CategoryCount[]>`
      select c."name" as "category",
        coalesce(sum(n."trainGood"), 0)::int as "trainGood",
        coalesce(sum(n."testGood"), 0)::int as "testGood",
        coalesce(sum(n."testDefective"), 0)::int as "testDefective",
        coalesce(sum(n."unassigned"), 0)::int as "unassigned",
        coalesce(sum(n."masked"), 0)::int as "masks"
      from "category" c
      left join "image_count" n on n."projectId" = c."projectId" and n."categoryId" = c."id"
      where c."projectId" = ${projectId}::uuid
      group by c."id", c."name" order by c."name"`,

    findByHash: (projectId, sha256) => findByHash(client, { projectId, sha256, origin: "dataset" }),

    create: (image) =>
      atomically(async (tx) => {
        const { origin = "dataset" } = image;
        const category = await requireCategory(tx, image);
        const [made] = await tx.image.createManyAndReturn({
          data: [
            {
              organizationId: category.organizationId,
              projectId: image.projectId,
              categoryId: category.id,
              sha256: image.sha256,
              fileName: image.fileName,
              sourcePath: image.sourcePath,
              sizeBytes: image.sizeBytes,
              width: image.width,
              height: image.height,
              label: image.label,
              defectType: image.defectType,
              split: image.split,
              origin,
              importId: image.importId ?? null,
              ...(await siteOfImport(tx, image)),
            },
          ],
          skipDuplicates: true,
        });
        if (made !== undefined) {
          const view = { ...made, category: { name: image.category }, masks: [] };
          return { image: storedImage(view), isNew: true };
        }
        const present = await findByHash(tx, { ...image, origin });
        if (present === null) throw notFound("image", image.sha256);
        return { image: present, isNew: false };
      }),

    async requireInProject(id, projectId) {
      const row = await client.image.findFirst({ where: { id, projectId }, include: VIEW });
      if (row === null) throw notFound("image", id);
      return imageView(row);
    },

    async requireFile(id) {
      const row = await client.image.findUnique({
        where: { id },
        select: { organizationId: true, projectId: true, sha256: true, fileName: true },
      });
      if (row === null) throw notFound("image", id);
      return {
        organisationId: row.organizationId as OrganisationId,
        projectId: row.projectId as ProjectId,
        sha256: row.sha256 as ContentHash,
        fileName: row.fileName,
      };
    },
  };
}

/** An image comes from where its import was uploaded. */
async function siteOfImport(
  tx: Prisma.TransactionClient,
  { importId }: Pick<NewImage, "importId">,
): Promise<SiteThen | undefined> {
  if (importId === undefined) return undefined;
  const select = { siteId: true, siteName: true } as const;
  const row = await tx.import.findUnique({ where: { id: importId }, select });
  return row ?? undefined;
}

async function requireCategory(
  tx: Prisma.TransactionClient,
  { projectId, category: name, origin }: Pick<NewImage, "projectId" | "category" | "origin">,
) {
  // Held, or an import that is taken back at this moment removes it while it is still empty.
  const find = async () => {
    const [row] = await tx.$queryRaw<{ id: string; organizationId: string }[]>`
      select c."id", p."organizationId" from "category" c join "project" p on p."id" = c."projectId"
      where c."projectId" = ${projectId}::uuid and c."name" = ${name} for key share of c`;
    return row ?? null;
  };
  const present = await find();
  if (present !== null) return present;
  if ((await tx.project.count({ where: { id: projectId } })) === 0) {
    throw notFound("project", projectId);
  }
  if (origin === "inspection") throw notFound("category", name);
  await tx.category.createMany({ data: [{ projectId, name }], skipDuplicates: true });
  const made = await find();
  if (made === null) throw notFound("category", name);
  return made;
}

async function findByHash(
  client: Prisma.TransactionClient,
  { projectId, sha256, origin }: Pick<NewImage, "projectId" | "sha256"> & { origin: ImageOrigin },
): Promise<StoredImage | null> {
  const row = await client.image.findUnique({
    where: { projectId_sha256_origin: { projectId, sha256, origin } },
    include: VIEW,
  });
  return row === null ? null : storedImage(row);
}

function storedImage(row: ImageRow): StoredImage {
  return {
    ...imageView(row),
    sourcePath: row.sourcePath,
    importId: row.importId as ImportId | null,
  };
}

function imageView(row: ImageRow): ImageView {
  return {
    id: row.id as ImageId,
    fileName: row.fileName,
    category: row.category.name,
    label: row.label,
    defectType: row.defectType,
    split: row.split,
    width: row.width,
    height: row.height,
    sizeBytes: row.sizeBytes,
    sha256: row.sha256 as ContentHash,
    maskId: (row.masks[0]?.id ?? null) as MaskId | null,
    createdAt: row.createdAt,
  };
}
