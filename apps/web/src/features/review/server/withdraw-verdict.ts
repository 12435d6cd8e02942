import type { CaseView, WithdrawVerdictInput } from "@loupe/contracts";
import { recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";

/** Take one's own newest verdict back, for a short while; everyone who looks at the case sees it. */
export async function withdrawVerdict(
  ctx: ProjectContext,
  input: WithdrawVerdictInput,
): Promise<CaseView> {
  await ctx.db.transaction(async (tx) => {
    const { row, withdrawn } = await tx.cases.withdrawVerdict({ ...input, authorId: ctx.user.id });
    if (withdrawn === null) return;
    const { id: caseId, state, version, verdict } = row;
    const counts = await tx.cases.countScopes(ctx.projectId, [row]);
    await recordEvent(tx, {
      projectId: ctx.projectId,
      body: { type: "case.withdrawn", caseId, state, version, verdict, withdrawn, counts },
      actorId: ctx.user.id,
    });
  });
  return ctx.db.cases.require(input.caseId, ctx.projectId);
}
