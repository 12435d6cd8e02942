import type { ClaimedImport, Transaction } from "@loupe/db";

import { recordImportStatus } from "./record-import-status.ts";

/** How an import ends of which nothing is kept. */
export type TakenBack = {
  readonly status: "refused" | "failed" | "cancelled";
  readonly error: string;
};

export const IMPORT_CANCELLED: TakenBack = {
  status: "cancelled",
  error: "Cancelled. Nothing of it was kept.",
};

/**
 * End an import without its images, masks and report lines, and tell it.
 *
 * One that somebody has cancelled meanwhile ends as cancelled; one that has ended stays as it is.
 */
export async function takeBackImport(
  tx: Transaction,
  { id: importId, projectId }: Pick<ClaimedImport, "id" | "projectId">,
  wanted: TakenBack,
): Promise<void> {
  const held = await tx.imports.hold(importId);
  if (held !== "running" && held !== "cancelling") return;
  const end = held === "cancelling" ? IMPORT_CANCELLED : wanted;
  const progress = { filesDone: 0, filesTotal: null };
  await tx.imports.discard(importId);
  await tx.imports.setProgress(importId, progress);
  await tx.imports.finish(importId, end);
  await recordImportStatus(tx, { id: importId, projectId, status: end.status, ...progress });
}
