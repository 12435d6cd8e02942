import type { CaseView, WithdrawVerdictInput } from "@loupe/contracts";
import { recordEvent } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";

/** Take one's own newest verdict back, for a short while; everyone who looks at the case sees it. */
export const withdrawVerdict = projectUseCase(
  "case:decide",
  async ({ db, actor, projectId }, input: WithdrawVerdictInput): Promise<CaseView> => {
    const authorId = authorOf(actor);
    await db.transaction(async (tx) => {
      const { row, withdrawn } = await tx.cases.withdrawVerdict({ ...input, authorId });
      if (withdrawn === null) return;
      const { id: caseId, state, version, verdict } = row;
      const counts = await tx.cases.countScopes(projectId, [row]);
      await recordEvent(tx, {
        projectId,
        body: { type: "case.withdrawn", caseId, state, version, verdict, withdrawn, counts },
        actorId: authorId,
      });
    });
    return db.cases.require(input.caseId, projectId);
  },
);
