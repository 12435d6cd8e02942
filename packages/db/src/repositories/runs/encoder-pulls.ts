import type { EncoderPullId, EncoderPullView, ProjectId, UserId } from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { makeId } from "../../make-id.ts";
import { requireProjectActor } from "../people/require-project-actor.ts";

export type NewEncoderPull = {
  readonly projectId: ProjectId;
  readonly encoder: string;
  readonly requestedById: UserId;
};

export type PullEnd =
  { readonly status: "succeeded" } | { readonly status: "failed"; readonly error: string };

export interface EncoderPullsRepository {
  /** Ask for an encoder; while it is on its way already, that download is given. */
  request(pull: NewEncoderPull): Promise<{ pull: EncoderPullView; isNew: boolean }>;
  /** The newest downloads of the project, newest first. */
  list(projectId: ProjectId, limit?: number): Promise<EncoderPullView[]>;
  /** For the worker that downloads. */
  find(id: EncoderPullId): Promise<(EncoderPullView & { projectId: ProjectId }) | null>;
  /** False when the download has ended, so that nothing was written. */
  progress(id: EncoderPullId, bytes: { done: number; total: number }): Promise<boolean>;
  /** Ends it once; a second end is not written. */
  finish(id: EncoderPullId, end: PullEnd): Promise<boolean>;
}

const VIEW = {
  requestedBy: { select: { name: true } },
} as const satisfies Prisma.EncoderPullInclude;
type PullRow = Prisma.EncoderPullGetPayload<{ include: typeof VIEW }>;

const UNDER_WAY = {
  status: { in: ["queued", "downloading"] },
} satisfies Prisma.EncoderPullWhereInput;
const LISTED = 20;

export function encoderPullsRepository({ client, atomically }: Scope): EncoderPullsRepository {
  return {
    request: (pull) => atomically((tx) => request(tx, pull)),

    async list(projectId, limit = LISTED) {
      const rows = await client.encoderPull.findMany({
        where: { projectId },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: limit,
        include: VIEW,
      });
      return rows.map(view);
    },

    async find(id) {
      const row = await client.encoderPull.findUnique({ where: { id }, include: VIEW });
      return row === null ? null : { ...view(row), projectId: row.projectId as ProjectId };
    },

    async progress(id, { done, total }) {
      const { count } = await client.encoderPull.updateMany({
        where: { id, ...UNDER_WAY },
        data: { status: "downloading", bytesDone: done, bytesTotal: total },
      });
      return count > 0;
    },

    async finish(id, end) {
      const { count } = await client.encoderPull.updateMany({
        where: { id, ...UNDER_WAY },
        data: {
          status: end.status,
          error: end.status === "failed" ? end.error : null,
          finishedAt: new Date(),
        },
      });
      return count > 0;
    },
  };
}

async function request(
  tx: Prisma.TransactionClient,
  { projectId, encoder, requestedById }: NewEncoderPull,
): Promise<{ pull: EncoderPullView; isNew: boolean }> {
  const actorId = await requireProjectActor(tx, projectId, requestedById);
  // The index on downloads under way decides between two people who press at once.
  const inserted = await tx.$queryRaw<{ id: string }[]>`
    insert into "encoder_pull" ("id", "projectId", "encoder", "requestedById")
    values (${makeId()}::uuid, ${projectId}::uuid, ${encoder}, ${actorId}::uuid)
    on conflict do nothing returning "id"::text`;
  const row = await tx.encoderPull.findFirst({
    where: { projectId, encoder, ...UNDER_WAY },
    orderBy: { createdAt: "desc" },
    include: VIEW,
  });
  if (row === null) throw notFound("download of", encoder);
  return { pull: view(row), isNew: inserted.length > 0 };
}

function view(row: PullRow): EncoderPullView {
  return {
    id: row.id as EncoderPullId,
    encoder: row.encoder,
    status: row.status,
    bytesDone: row.bytesDone,
    bytesTotal: row.bytesTotal,
    error: row.error,
    requestedBy: row.requestedBy.name,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  };
}
