import type { DatasetVersionId, FreezeId, FreezeView, ProjectId, UserId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { requireProjectActor } from "../people/require-project-actor.ts";

export type NewFreeze = {
  readonly projectId: ProjectId;
  /** Left out: "Version N". */
  readonly name?: string;
  readonly createdById: UserId;
};

export type ClaimedFreeze = NewFreeze & { readonly id: FreezeId };

export type FreezeProgress = { readonly imagesDone: number; readonly imagesTotal: number };

export type FreezeEnd =
  | {
      readonly status: "succeeded";
      readonly datasetVersionId: DatasetVersionId;
      readonly isNew: boolean;
    }
  | { readonly status: "failed"; readonly error: string };

export interface FreezesRepository {
  create(freeze: NewFreeze): Promise<FreezeView>;
  /** The project's newest ones, newest first. */
  list(projectId: ProjectId): Promise<FreezeView[]>;
  require(id: FreezeId, projectId: ProjectId): Promise<FreezeView>;
  /** Move it to freezing, or null when it has ended. A redelivered job gets it again. */
  claim(id: FreezeId): Promise<ClaimedFreeze | null>;
  /** Both return null when it has ended before. */
  setProgress(id: FreezeId, progress: FreezeProgress): Promise<FreezeView | null>;
  finish(id: FreezeId, end: FreezeEnd): Promise<FreezeView | null>;
}

/** More are history, and the versions tell it better. */
const LISTED = 5;

const UNDER_WAY = { in: ["queued", "freezing"] } as const satisfies Prisma.EnumFreezeStatusFilter;

const VIEW = {
  createdBy: { select: { name: true } },
  datasetVersion: { select: { number: true } },
} as const satisfies Prisma.DatasetFreezeInclude;

export function freezesRepository({ client }: Scope): FreezesRepository {
  async function change(
    id: FreezeId,
    data: Prisma.DatasetFreezeUncheckedUpdateManyInput,
  ): Promise<FreezeView | null> {
    const { count } = await client.datasetFreeze.updateMany({
      where: { id, status: UNDER_WAY },
      data,
    });
    if (count === 0) return null;
    const row = await client.datasetFreeze.findUnique({ where: { id }, include: VIEW });
    return row === null ? null : view(row);
  }

  return {
    async create({ projectId, name, createdById }) {
      const row = await client.datasetFreeze.create({
        data: {
          projectId,
          name: name ?? null,
          createdById: await requireProjectActor(client, projectId, createdById),
        },
        include: VIEW,
      });
      return view(row);
    },

    async list(projectId) {
      const rows = await client.datasetFreeze.findMany({
        where: { projectId },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: LISTED,
        include: VIEW,
      });
      return rows.map(view);
    },

    async require(id, projectId) {
      const row = await client.datasetFreeze.findFirst({
        where: { id, projectId },
        include: VIEW,
      });
      if (row === null) throw notFound("freeze", id);
      return view(row);
    },

    async claim(id) {
      const [row] = await client.datasetFreeze.updateManyAndReturn({
        where: { id, status: UNDER_WAY },
        data: { status: "freezing" },
        include: { createdBy: { select: { userId: true } } },
      });
      if (row === undefined) return null;
      return {
        id,
        projectId: row.projectId as ProjectId,
        createdById: row.createdBy.userId as UserId,
        ...(row.name !== null && { name: row.name }),
      };
    },

    setProgress: (id, progress) => change(id, progress),

    finish: (id, end) =>
      change(
        id,
        end.status === "failed"
          ? { status: "failed", error: end.error, finishedAt: new Date() }
          : {
              status: "succeeded",
              datasetVersionId: end.datasetVersionId,
              isNew: end.isNew,
              finishedAt: new Date(),
            },
      ),
  };
}

function view(row: Prisma.DatasetFreezeGetPayload<{ include: typeof VIEW }>): FreezeView {
  return {
    id: row.id as FreezeId,
    name: row.name,
    status: row.status,
    imagesDone: row.imagesDone,
    imagesTotal: row.imagesTotal,
    version:
      row.datasetVersionId === null || row.datasetVersion === null
        ? null
        : {
            id: row.datasetVersionId as DatasetVersionId,
            number: row.datasetVersion.number,
            isNew: row.isNew ?? true,
          },
    error: row.error,
    createdBy: row.createdBy.name,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  };
}
