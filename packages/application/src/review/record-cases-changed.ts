import { casesChanged, type CaseId, type ProjectId } from "@loupe/contracts";
import type { CaseScope, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

export type CasesChange =
  | {
      /** The cases that came, went or got another score. */
      readonly caseIds: readonly CaseId[];
      /** Where they count, or counted. */
      readonly scopes: readonly CaseScope[];
    }
  /** So many, of which nobody knows which: screens read their lists again. */
  | { readonly count: number };

/** Tell that cases came, went or got another score; nothing when none did. Call it last. */
export async function recordCasesChanged(
  tx: Transaction,
  projectId: ProjectId,
  change: CasesChange,
): Promise<void> {
  if ("count" in change) {
    const { count } = change;
    if (count > 0) await recordEvent(tx, { projectId, body: { type: "cases.changed", count } });
    return;
  }
  const { caseIds, scopes } = change;
  if (caseIds.length === 0) return;
  const counts = await tx.cases.countScopes(projectId, scopes);
  await recordEvent(tx, { projectId, body: casesChanged(caseIds, counts) });
}
