import type { CaseView, GiveVerdictInput } from "@loupe/contracts";
import { recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";

/**
 * Record one person's verdict on a case as they saw it.
 *
 * The repository compares the case's version with the one on the author's
 * screen and throws CASE_CHANGED, with what changed, when they differ: nobody
 * overwrites a colleague unseen. The event is part of the same transaction.
 */
export async function giveVerdict(ctx: ProjectContext, input: GiveVerdictInput): Promise<CaseView> {
  await ctx.db.transaction(async (tx) => {
    const { row, isNew } = await tx.cases.giveVerdict({ ...input, authorId: ctx.user.id });
    if (!isNew) return;
    if (row.verdict === null) throw new Error(`Expected case ${row.id} to have a verdict now`);
    const { id: caseId, state, version, verdict } = row;
    const counts = await tx.cases.countScopes(ctx.projectId, [row]);
    await recordEvent(tx, {
      projectId: ctx.projectId,
      body: { type: "case.verdict", caseId, state, version, verdict, counts },
      actorId: ctx.user.id,
    });
  });
  return ctx.db.cases.require(input.caseId, ctx.projectId);
}
