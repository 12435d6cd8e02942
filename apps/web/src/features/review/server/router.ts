import { CaseId, type CaseView, GiveVerdictInput, ListCasesInput } from "@loupe/contracts";
import { z } from "zod";

import { projectProcedure, router } from "../../../server/trpc.ts";
import { giveVerdict } from "./give-verdict.ts";
import { listCases } from "./list-cases.ts";

export const reviewRouter = router({
  cases: projectProcedure("case:read")
    .input(ListCasesInput)
    .query(({ ctx, input }) => listCases(ctx, input)),
  case: projectProcedure("case:read")
    .input(z.object({ caseId: CaseId }))
    .query(({ ctx, input }): Promise<CaseView> =>
      ctx.db.cases.require(input.caseId, ctx.projectId),
    ),
  verdict: projectProcedure("case:decide")
    .input(GiveVerdictInput)
    .mutation(({ ctx, input }): Promise<CaseView> => giveVerdict(ctx, input)),
  defectTypes: projectProcedure("case:read").query(({ ctx }): Promise<string[]> =>
    ctx.db.cases.defectTypes(ctx.projectId),
  ),
});
