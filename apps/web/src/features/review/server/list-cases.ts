import type { CaseCounts, CaseRow, ListCasesInput } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

export type CasePage = {
  rows: CaseRow[];
  nextCursor: NonNullable<ListCasesInput["cursor"]> | null;
  counts: CaseCounts;
  countsSequence: number;
};

/** One page of the queue, most anomalous first. */
export function listCases(ctx: ProjectContext, input: ListCasesInput): Promise<CasePage> {
  return ctx.db.cases.list(input);
}
