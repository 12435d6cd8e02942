import {
  type ImageId,
  type ImportFileView,
  type ImportId,
  type ImportStatus,
  ImportOutcome,
  type ImportView,
  type OrganisationId,
  type ProjectId,
  type UserId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { requireProjectActor } from "../people/require-project-actor.ts";
import { readSite } from "../people/read-site.ts";
import { cancelImport, type CancelRequest } from "./cancel-import.ts";
import { discardImport } from "./discard-import.ts";

export type NewImport = {
  readonly projectId: ProjectId;
  readonly createdById: UserId;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Key of the uploaded archive or folder in the blob store's upload area. */
  readonly uploadKey: string;
};

export type ClaimedImport = {
  readonly id: ImportId;
  readonly projectId: ProjectId;
  readonly organisationId: OrganisationId;
  readonly createdById: UserId;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly uploadKey: string;
  readonly filesDone: number;
  /** There is nothing left to do but to take back what it has stored. */
  readonly isCancelling: boolean;
};

export type ImportProgress = { readonly filesDone: number; readonly filesTotal: number | null };

export type ImportEnd = {
  readonly status: "succeeded" | "refused" | "failed" | "cancelled";
  readonly error?: string;
};

export type ListImportFiles = {
  readonly outcome?: ImportOutcome;
  /** Path of the last line of the page before. */
  readonly cursor?: string;
  readonly limit: number;
};

export interface ImportsRepository {
  create(row: NewImport): Promise<ImportView>;
  /** The project's imports, newest first. */
  list(projectId: ProjectId): Promise<ImportView[]>;
  require(id: ImportId, projectId: ProjectId): Promise<ImportView>;
  find(id: ImportId): Promise<ImportView | null>;
  /**
   * How many of the organisation's imports have not ended. Inside a transaction, others of the
   * organisation that count wait for its end.
   */
  countUnfinished(organisationId: OrganisationId): Promise<number>;
  /** Move the import to running, or null when it has ended. A redelivered job gets it again, also a cancelled one. */
  claim(id: ImportId): Promise<ClaimedImport | null>;
  /** Write report lines; a line of the same path is replaced. */
  recordFiles(id: ImportId, rows: readonly ImportFileView[]): Promise<void>;
  setProgress(id: ImportId, progress: ImportProgress): Promise<void>;
  /** End the import and forget its upload key. An import that has ended stays as it is. */
  finish(id: ImportId, end: ImportEnd): Promise<ImportView>;
  /** One page of the report, by path. */
  listFiles(
    id: ImportId,
    page: ListImportFiles,
  ): Promise<{ rows: ImportFileView[]; nextCursor: string | null }>;
  /** Remove the images, masks and report lines that this import made: a refused one leaves nothing. */
  discard(id: ImportId): Promise<void>;
  /**
   * Cancel an import: at once while it waits, else whoever holds its job takes back what is there.
   *
   * Cancelling again changes nothing. Throws IMPORT_ALREADY_FINISHED.
   */
  requestCancel(id: ImportId, projectId: ProjectId): Promise<CancelRequest>;
  /** Whether it was cancelled, or is gone with its project. */
  isCancelled(id: ImportId): Promise<boolean>;
}

export interface ImportsInTransaction extends ImportsRepository {
  /** Its status, which nobody else changes until this transaction ends; null: it is gone. */
  hold(id: ImportId): Promise<ImportStatus | null>;
}

const VIEW = { createdBy: { select: { name: true } } } as const satisfies Prisma.ImportInclude;

type ImportRow = Prisma.ImportGetPayload<{ include: typeof VIEW }>;

/** Statuses of an import that has not ended. */
const UNDER_WAY = ["uploaded", "running"] as const satisfies readonly ImportStatus[];

export function importsRepository({ client, atomically }: Scope): ImportsInTransaction {
  return {
    create: (row) =>
      atomically(async (tx) => {
        const { createdById: userId, projectId } = row;
        const site = await readSite(tx, { userId, projectId });
        const createdById = await requireProjectActor(tx, projectId, userId);
        const made = await tx.import.create({
          data: { ...row, ...site, createdById, sizeBytes: BigInt(row.sizeBytes) },
          include: VIEW,
        });
        return importView(made, {});
      }),

    async list(projectId) {
      const rows = await client.import.findMany({
        where: { projectId },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        include: VIEW,
      });
      return withOutcomes(client, rows);
    },

    async require(id, projectId) {
      const row = await client.import.findFirst({ where: { id, projectId }, include: VIEW });
      if (row === null) throw notFound("import", id);
      return requireView(client, row);
    },

    async find(id) {
      const row = await client.import.findUnique({ where: { id }, include: VIEW });
      return row === null ? null : requireView(client, row);
    },

    async countUnfinished(organisationId) {
      await client.$executeRaw`select pg_advisory_xact_lock(hashtext(${`imports ${organisationId}`}))`;
      return client.import.count({
        where: { project: { organizationId: organisationId }, status: { in: [...UNDER_WAY] } },
      });
    },

    async claim(id) {
      await client.import.updateMany({
        where: { id, status: { in: [...UNDER_WAY] } },
        data: { status: "running" },
      });
      const row = await client.import.findFirst({
        where: { id, status: { in: ["running", "cancelling"] } },
        include: {
          project: { select: { organizationId: true } },
          createdBy: { select: { userId: true } },
        },
      });
      if (row === null || row.uploadKey === null) return null;
      return {
        id,
        projectId: row.projectId as ProjectId,
        organisationId: row.project.organizationId as OrganisationId,
        createdById: row.createdBy.userId as UserId,
        fileName: row.fileName,
        sizeBytes: Number(row.sizeBytes),
        uploadKey: row.uploadKey,
        filesDone: row.filesDone,
        isCancelling: row.status === "cancelling",
      };
    },

    async recordFiles(id, rows) {
      if (rows.length === 0) return;
      // One statement cannot replace a line twice: the last one of a path counts.
      const lines = JSON.stringify([...new Map(rows.map((row) => [row.path, row])).values()]);
      await client.$executeRaw`
        insert into "import_file" ("importId", "path", "outcome", "reason", "imageId")
        select ${id}::uuid, line->>'path', line->>'outcome', line->>'reason', (line->>'imageId')::uuid
        from jsonb_array_elements(${lines}::jsonb) as line
        on conflict ("importId", "path") do update set
          "outcome" = excluded."outcome", "reason" = excluded."reason", "imageId" = excluded."imageId"`;
    },

    async setProgress(id, progress) {
      await client.import.updateMany({
        where: { id, status: { in: ["running", "cancelling"] } },
        data: progress,
      });
    },

    async finish(id, end) {
      await client.import.updateMany({
        where: {
          id,
          status: { in: end.status === "cancelled" ? ["cancelling"] : [...UNDER_WAY] },
        },
        data: {
          status: end.status,
          error: end.error ?? null,
          uploadKey: null,
          finishedAt: new Date(),
        },
      });
      const row = await client.import.findUnique({ where: { id }, include: VIEW });
      if (row === null) throw notFound("import", id);
      return requireView(client, row);
    },

    async listFiles(id, { outcome, cursor, limit }) {
      const rows = await client.importFile.findMany({
        where: {
          importId: id,
          ...(outcome !== undefined && { outcome }),
          ...(cursor !== undefined && { path: { gt: cursor } }),
        },
        orderBy: { path: "asc" },
        take: limit + 1,
      });
      const page = rows.slice(0, limit).map((row) => ({
        path: row.path,
        outcome: ImportOutcome.parse(row.outcome),
        reason: row.reason,
        imageId: row.imageId as ImageId | null,
      }));
      return {
        rows: page,
        nextCursor: rows.length > limit ? (page.at(-1)?.path ?? null) : null,
      };
    },

    discard: (id) => atomically((tx) => discardImport(tx, id)),

    requestCancel: (id, projectId) =>
      atomically(async (tx) => {
        const request = await cancelImport(tx, id, projectId);
        const row = await tx.import.findUniqueOrThrow({ where: { id }, include: VIEW });
        return { ...request, view: await requireView(tx, row) };
      }),

    async isCancelled(id) {
      const row = await client.import.findUnique({ where: { id }, select: { status: true } });
      return row === null || row.status === "cancelling" || row.status === "cancelled";
    },

    async hold(id) {
      const [row] = await client.$queryRaw<{ status: ImportStatus }[]>`
        select "status"::text from "import" where "id" = ${id}::uuid for no key update`;
      return row?.status ?? null;
    },
  };
}

async function requireView(client: Prisma.TransactionClient, row: ImportRow): Promise<ImportView> {
  const [view] = await withOutcomes(client, [row]);
  if (view === undefined) throw notFound("import", row.id);
  return view;
}

async function withOutcomes(
  client: Prisma.TransactionClient,
  rows: readonly ImportRow[],
): Promise<ImportView[]> {
  const counts = await client.importFile.groupBy({
    by: ["importId", "outcome"],
    where: { importId: { in: rows.map((row) => row.id) } },
    _count: true,
  });
  return rows.map((row) => {
    const own = counts.filter((count) => count.importId === row.id);
    return importView(row, Object.fromEntries(own.map(({ outcome, _count }) => [outcome, _count])));
  });
}

function importView(row: ImportRow, outcomes: ImportView["outcomes"]): ImportView {
  return {
    id: row.id as ImportId,
    fileName: row.fileName,
    sizeBytes: Number(row.sizeBytes),
    status: row.status,
    filesDone: row.filesDone,
    filesTotal: row.filesTotal,
    outcomes,
    error: row.error,
    createdBy: row.createdBy.name,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  };
}
