import type {
  ContentHash,
  ImageId,
  ImportId,
  MaskId,
  OrganisationId,
  ProjectId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";

export type NewMask = {
  readonly imageId: ImageId;
  readonly sha256: ContentHash;
  readonly importId?: ImportId;
};

export type MaskRevision = {
  readonly id: MaskId;
  readonly imageId: ImageId;
  readonly revision: number;
  readonly sha256: ContentHash;
};

export interface MasksRepository {
  /** The next revision of an image's mask; the newest one again when its content is the same. */
  create(mask: NewMask): Promise<MaskRevision>;
  newestOf(imageId: ImageId): Promise<MaskRevision | null>;
  requireFile(
    id: MaskId,
  ): Promise<{ organisationId: OrganisationId; projectId: ProjectId; sha256: ContentHash }>;
}

export function masksRepository({ client, atomically }: Scope): MasksRepository {
  return {
    create: ({ imageId, sha256, importId }) =>
      atomically(async (tx) => {
        // Revisions of one image are numbered one after the other.
        const [image] = await tx.$queryRaw<{ id: string }[]>`
          select "id" from "image" where "id" = ${imageId}::uuid for no key update`;
        if (image === undefined) throw notFound("image", imageId);
        const newest = await findNewest(tx, imageId);
        if (newest?.sha256 === sha256) return newest;
        const row = await tx.mask.create({
          data: {
            imageId,
            sha256,
            revision: (newest?.revision ?? 0) + 1,
            importId: importId ?? null,
          },
        });
        return revision(row);
      }),

    newestOf: (imageId) => findNewest(client, imageId),

    async requireFile(id) {
      const row = await client.mask.findUnique({
        where: { id },
        select: { sha256: true, image: { select: { projectId: true, organizationId: true } } },
      });
      if (row === null) throw notFound("mask", id);
      return {
        organisationId: row.image.organizationId as OrganisationId,
        projectId: row.image.projectId as ProjectId,
        sha256: row.sha256 as ContentHash,
      };
    },
  };
}

async function findNewest(
  client: Prisma.TransactionClient,
  imageId: ImageId,
): Promise<MaskRevision | null> {
  const row = await client.mask.findFirst({ where: { imageId }, orderBy: { revision: "desc" } });
  return row === null ? null : revision(row);
}

function revision(row: Prisma.MaskGetPayload<object>): MaskRevision {
  return {
    id: row.id as MaskId,
    imageId: row.imageId as ImageId,
    revision: row.revision,
    sha256: row.sha256 as ContentHash,
  };
}
