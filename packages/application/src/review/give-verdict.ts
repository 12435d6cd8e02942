import type { CaseView, GiveVerdictInput } from "@loupe/contracts";

import { authorOf } from "../actor/person-of.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { recordVerdict } from "./record-verdict.ts";

/**
 * Record one person's verdict on a case as they saw it.
 *
 * The repository compares the case's version with the one on the author's
 * screen and throws CASE_CHANGED, with what changed, when they differ: nobody
 * overwrites a colleague unseen. The event is part of the same transaction.
 */
export const giveVerdict = projectUseCase(
  "case:decide",
  async (scene, input: GiveVerdictInput): Promise<CaseView> => {
    const { db, actor, projectId } = scene;
    await db.transaction(async (tx) => {
      const { row, isNew } = await tx.cases.giveVerdict({ ...input, authorId: authorOf(actor) });
      if (isNew) await recordVerdict(tx, scene, row);
    });
    return db.cases.require(input.caseId, projectId);
  },
);
