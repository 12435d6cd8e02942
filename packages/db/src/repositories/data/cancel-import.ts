import {
  AppError,
  type ImportId,
  type ImportStatus,
  type ImportView,
  type ProjectId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";

export type CancelRequest = {
  readonly view: ImportView;
  readonly isNew: boolean;
  /** The upload that nobody will read any more; null while a worker may be at it. */
  readonly uploadKey: string | null;
};

/** See `ImportsRepository.requestCancel`. */
export async function cancelImport(
  tx: Prisma.TransactionClient,
  id: ImportId,
  projectId: ProjectId,
): Promise<Omit<CancelRequest, "view">> {
  const before = await tx.import.findFirst({ where: { id, projectId } });
  if (before === null) throw notFound("import", id);
  const waiting = await tx.import.updateMany({
    where: { id, status: "uploaded" },
    data: {
      status: "cancelled",
      error: "Cancelled before anything of it was imported.",
      uploadKey: null,
      finishedAt: new Date(),
    },
  });
  const held =
    waiting.count > 0
      ? waiting
      : await tx.import.updateMany({
          where: { id, status: "running" },
          data: { status: "cancelling" },
        });
  const row = await tx.import.findUniqueOrThrow({ where: { id } });
  const isNew = held.count > 0;
  if (!isNew && row.status !== "cancelling" && row.status !== "cancelled") {
    throw new AppError(
      "IMPORT_ALREADY_FINISHED",
      `Expected an import that waits or is under way, that of ${row.fileName} has ${ENDED[row.status]}. Look at its report.`,
      { importId: id, status: row.status },
    );
  }
  const uploadKey = waiting.count > 0 ? before.uploadKey : null;
  return { isNew, uploadKey };
}

/** How an import's end reads behind "has". */
const ENDED = {
  uploaded: "not begun",
  running: "not ended",
  succeeded: "succeeded",
  refused: "been refused",
  failed: "failed",
} as const satisfies Record<Exclude<ImportStatus, "cancelling" | "cancelled">, string>;
