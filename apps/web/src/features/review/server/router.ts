import {
  CaseId,
  CasesByIdInput,
  type CasePage,
  type CaseRow,
  type CaseView,
  GiveVerdictInput,
  ListCasesInput,
  WithdrawVerdictInput,
} from "@loupe/contracts";
import { z } from "zod";

import { projectProcedure, router } from "../../../server/trpc.ts";
import { giveVerdict } from "./give-verdict.ts";
import { withdrawVerdict } from "./withdraw-verdict.ts";

export const reviewRouter = router({
  cases: projectProcedure("case:read")
    .input(ListCasesInput)
    .query(({ ctx, input }): Promise<CasePage> => ctx.db.cases.list(input)),
  case: projectProcedure("case:read")
    .input(z.object({ caseId: CaseId }))
    .query(({ ctx, input }): Promise<CaseView> =>
      ctx.db.cases.require(input.caseId, ctx.projectId),
    ),
  casesById: projectProcedure("case:read")
    .input(CasesByIdInput)
    .query(({ ctx, input }): Promise<CaseRow[]> => ctx.db.cases.listByIds(input)),
  verdict: projectProcedure("case:decide")
    .input(GiveVerdictInput)
    .mutation(({ ctx, input }): Promise<CaseView> => giveVerdict(ctx, input)),
  withdraw: projectProcedure("case:decide")
    .input(WithdrawVerdictInput)
    .mutation(({ ctx, input }): Promise<CaseView> => withdrawVerdict(ctx, input)),
  defectTypes: projectProcedure("case:read").query(({ ctx }): Promise<string[]> =>
    ctx.db.cases.defectTypes(ctx.projectId),
  ),
});
