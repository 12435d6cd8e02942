import type { ClaimedImport, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

/** How an import ends of which nothing is kept. */
export type TakenBack = { readonly status: "refused" | "failed"; readonly error: string };

/** End an import without its images, masks and report lines, and tell it. */
export async function takeBackImport(
  tx: Transaction,
  { id: importId, projectId }: Pick<ClaimedImport, "id" | "projectId">,
  end: TakenBack,
): Promise<void> {
  const progress = { filesDone: 0, filesTotal: null };
  await tx.imports.discard(importId);
  await tx.imports.setProgress(importId, progress);
  await tx.imports.finish(importId, end);
  await recordEvent(tx, {
    projectId,
    body: { type: "import.progress", importId, status: end.status, ...progress },
  });
}
