import type { ProjectId } from "@loupe/contracts";
import type { CasesInTransaction, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

/** Cases whose scopes are counted anew. */
export type ChangedCases = Parameters<CasesInTransaction["countScopes"]>[1];

/**
 * Tell that cases came, went or got another score; nothing when none did. Call it last.
 *
 * Without the cases themselves nobody learns the counts with the event, and readers ask for them.
 */
export async function recordCasesChanged(
  tx: Transaction,
  projectId: ProjectId,
  { count, cases }: { readonly count: number; readonly cases?: ChangedCases },
): Promise<void> {
  if (count === 0) return;
  const counts = cases === undefined ? undefined : await tx.cases.countScopes(projectId, cases);
  await recordEvent(tx, {
    projectId,
    body: { type: "cases.changed", count, ...(counts === undefined ? {} : { counts }) },
  });
}
