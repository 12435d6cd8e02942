import type { CaseRow } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import type { ProjectScene } from "../use-case/project-use-case.ts";

/** Tell that a case has a verdict now, with the counts that it changed. Call it last. */
export async function recordVerdict(
  tx: Transaction,
  { projectId, actor }: Pick<ProjectScene, "projectId" | "actor">,
  row: CaseRow,
): Promise<void> {
  const { id: caseId, state, version, verdict } = row;
  if (verdict === null) throw new Error(`Expected case ${caseId} to have a verdict now`);
  const counts = await tx.cases.countScopes(projectId, [row]);
  await recordEvent(tx, {
    projectId,
    body: { type: "case.verdict", caseId, state, version, verdict, counts },
    actorId: authorOf(actor),
  });
}
