import {
  type ContentHash,
  type ImageId,
  type InspectionId,
  type InspectionStatus,
  type InspectionView,
  isFinalInspectionStatus,
  type ModelVersionId,
  type OrganisationId,
  type ProjectId,
  type UserId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { takeNumber } from "../../take-number.ts";
import { cancelInspection } from "./cancel-inspection.ts";
import { requireProjectActor } from "../people/require-project-actor.ts";
import { readSite } from "../people/read-site.ts";
import type { ChangedCase } from "../review/case-types.ts";
import type { LeaseToken } from "../runs/leases.ts";
import {
  completeImages,
  type DoneImage,
  type InspectionImageRow,
  listImages,
  takeImages,
  type TakeImages,
  type TakenImages,
} from "./share-images.ts";

export type NewInspection = {
  readonly projectId: ProjectId;
  readonly modelVersionId: ModelVersionId;
  /** Left out: "Inspection N". */
  readonly name?: string;
  readonly createdById: UserId;
};

export type ClaimedInspection = {
  readonly id: InspectionId;
  readonly projectId: ProjectId;
  readonly organisationId: OrganisationId;
  readonly modelVersionId: ModelVersionId;
  readonly modelSha256: ContentHash;
};

export type InspectionEnd =
  { readonly status: "succeeded" } | { readonly status: "failed"; readonly error: string };

export interface InspectionsRepository {
  create(inspection: NewInspection): Promise<InspectionView>;
  /** Adding an image twice is the same as adding it once. */
  addImage(id: InspectionId, imageId: ImageId): Promise<void>;
  /** All images are there: it can be scored. */
  markQueued(id: InspectionId): Promise<InspectionView>;
  /** Newest first. */
  list(projectId: ProjectId): Promise<InspectionView[]>;
  require(id: InspectionId, projectId: ProjectId): Promise<InspectionView>;
  /**
   * How many of the organisation's inspections have not ended. Inside a transaction, others of the
   * organisation that count wait for its end.
   */
  countUnfinished(organisationId: OrganisationId): Promise<number>;
  /** Move a queued inspection to scoring, or null when it has ended. A redelivered job gets it again. */
  claim(id: InspectionId): Promise<ClaimedInspection | null>;
  images(id: InspectionId): Promise<InspectionImageRow[]>;
  /** Take images that are not done and at which nobody is, in the order of `images`. */
  takeImages(wanted: TakeImages, token: LeaseToken): Promise<TakenImages>;
  /** How many images are neither scored nor found to be none that can be. */
  countLeft(id: InspectionId): Promise<number>;
  finish(id: InspectionId, end: InspectionEnd): Promise<InspectionView>;
  /**
   * End an inspection that is under way and take back its images, scores and cases. A case with a
   * verdict stays, with its image. Throws INSPECTION_ALREADY_FINISHED.
   *
   * @returns the cases that changed; none and `isNew: false` when it was cancelled before
   */
  cancel(
    id: InspectionId,
    projectId: ProjectId,
  ): Promise<{ inspection: InspectionView; cases: ChangedCase[]; isNew: boolean }>;
  /** Whether it has ended in any way, or is gone with its project. */
  hasEnded(id: InspectionId): Promise<boolean>;
}

export interface InspectionsInTransaction extends InspectionsRepository {
  /** Its status, which nobody else changes until this transaction ends; null: it is gone. */
  hold(id: InspectionId): Promise<InspectionStatus | null>;
  /**
   * Note what became of images that were taken with this token. Throws `LeaseLost` unless all of
   * them still are.
   */
  completeImages(
    done: { readonly id: InspectionId; readonly images: readonly DoneImage[] },
    token: LeaseToken,
  ): Promise<CompletedImages>;
}

export type CompletedImages = { readonly view: InspectionView; readonly left: number };

const VIEW = {
  modelVersion: { select: { id: true, number: true } },
  createdBy: { select: { name: true } },
  _count: { select: { images: true } },
} as const satisfies Prisma.InspectionInclude;

/** Statuses of an inspection that has not ended. */
const UNDER_WAY = ["uploading", "queued", "scoring"] as const satisfies readonly InspectionStatus[];

export function inspectionsRepository({ client, atomically }: Scope): InspectionsInTransaction {
  async function change(
    id: InspectionId,
    from: readonly InspectionStatus[],
    data: Prisma.InspectionUpdateManyMutationInput,
  ): Promise<InspectionView> {
    await client.inspection.updateMany({ where: { id, status: { in: [...from] } }, data });
    const row = await client.inspection.findUnique({ where: { id }, include: VIEW });
    if (row === null) throw notFound("inspection", id);
    return view(row);
  }

  return {
    create: ({ projectId, modelVersionId, name, createdById }) =>
      atomically(async (tx) => {
        const model = await tx.modelVersion.count({ where: { id: modelVersionId, projectId } });
        if (model === 0) throw notFound("model version", modelVersionId);
        const number = await takeNumber(tx, "inspection", projectId);
        const row = await tx.inspection.create({
          data: {
            projectId,
            modelVersionId,
            number,
            name: name ?? `Inspection ${number}`,
            createdById: await requireProjectActor(tx, projectId, createdById),
            ...(await readSite(tx, { userId: createdById, projectId })),
          },
          include: VIEW,
        });
        return view(row);
      }),

    async addImage(id, imageId) {
      await client.inspectionImage.createMany({
        data: [{ inspectionId: id, imageId }],
        skipDuplicates: true,
      });
    },

    async markQueued(id) {
      // What was inspected before came from where it was inspected first.
      await client.$executeRaw`
        update "image" i set "siteId" = n."siteId", "siteName" = n."siteName"
        from "inspection" n join "inspection_image" x on x."inspectionId" = n."id"
        where n."id" = ${id}::uuid and n."status" = 'uploading' and n."siteName" is not null
          and i."id" = x."imageId" and i."origin" = 'inspection'
          and not exists (
            select from "inspection_image" o
            where o."imageId" = i."id" and o."inspectionId" <> n."id")`;
      return change(id, ["uploading"], { status: "queued" });
    },

    async list(projectId) {
      const rows = await client.inspection.findMany({
        where: { projectId },
        orderBy: { number: "desc" },
        include: VIEW,
      });
      return rows.map(view);
    },

    async require(id, projectId) {
      const row = await client.inspection.findFirst({ where: { id, projectId }, include: VIEW });
      if (row === null) throw notFound("inspection", id);
      return view(row);
    },

    async countUnfinished(organisationId) {
      await client.$executeRaw`select pg_advisory_xact_lock(hashtext(${`inspections ${organisationId}`}))`;
      return client.inspection.count({
        where: { project: { organizationId: organisationId }, status: { in: [...UNDER_WAY] } },
      });
    },

    async claim(id) {
      const [row] = await client.inspection.updateManyAndReturn({
        where: { id, status: { in: ["queued", "scoring"] } },
        data: { status: "scoring" },
        include: {
          project: { select: { organizationId: true } },
          modelVersion: { select: { sha256: true } },
        },
      });
      if (row === undefined) return null;
      return {
        id,
        projectId: row.projectId as ProjectId,
        organisationId: row.project.organizationId as OrganisationId,
        modelVersionId: row.modelVersionId as ModelVersionId,
        modelSha256: row.modelVersion.sha256 as ContentHash,
      };
    },

    images: (id) => listImages(client, { inspectionId: id }),

    takeImages: (wanted, token) => atomically((tx) => takeImages(tx, wanted, token)),

    async completeImages(done, token) {
      const left = await completeImages(client, done, token);
      const row = await client.inspection.findUnique({ where: { id: done.id }, include: VIEW });
      if (row === null) throw notFound("inspection", done.id);
      return { view: view(row), left };
    },

    countLeft: (id) => client.inspectionImage.count({ where: { inspectionId: id, isDone: false } }),

    finish: (id, end) =>
      change(id, UNDER_WAY, {
        status: end.status,
        error: end.status === "failed" ? end.error : null,
        finishedAt: new Date(),
      }),

    cancel: (id, projectId) =>
      atomically(async (tx) => {
        const cases = await cancelInspection(tx, id, projectId);
        const row = await tx.inspection.findUniqueOrThrow({ where: { id }, include: VIEW });
        return { inspection: view(row), cases: cases ?? [], isNew: cases !== null };
      }),

    async hasEnded(id) {
      const row = await client.inspection.findUnique({ where: { id }, select: { status: true } });
      return row === null || isFinalInspectionStatus(row.status);
    },

    async hold(id) {
      const [row] = await client.$queryRaw<{ status: InspectionStatus }[]>`
        select "status"::text from "inspection" where "id" = ${id}::uuid for no key update`;
      return row?.status ?? null;
    },
  };
}

function view(row: Prisma.InspectionGetPayload<{ include: typeof VIEW }>): InspectionView {
  return {
    id: row.id as InspectionId,
    number: row.number,
    name: row.name,
    status: row.status,
    model: { id: row.modelVersion.id as ModelVersionId, number: row.modelVersion.number },
    imagesDone: row.imagesDone,
    imagesTotal: row._count.images,
    error: row.error,
    createdBy: row.createdBy.name,
    site: row.siteName,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  };
}
