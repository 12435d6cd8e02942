import {
  getCase,
  giveVerdict,
  listCases,
  listCasesById,
  listDefectTypes,
  withdrawVerdict,
} from "@loupe/application";
import {
  CaseId,
  CasesByIdInput,
  GiveVerdictInput,
  ListCasesInput,
  WithdrawVerdictInput,
} from "@loupe/contracts";
import { z } from "zod";

import { projectDoor, router } from "../../../server/trpc.ts";

export const reviewRouter = router({
  cases: projectDoor(listCases)
    .input(ListCasesInput)
    .query(({ ctx, input }) => listCases(ctx.caller, ctx.ports, input)),
  casesById: projectDoor(listCasesById)
    .input(CasesByIdInput)
    .query(({ ctx, input }) => listCasesById(ctx.caller, ctx.ports, input)),
  case: projectDoor(getCase)
    .input(z.object({ caseId: CaseId }))
    .query(({ ctx, input }) => getCase(ctx.caller, ctx.ports, input)),
  verdict: projectDoor(giveVerdict)
    .input(GiveVerdictInput)
    .mutation(({ ctx, input }) => giveVerdict(ctx.caller, ctx.ports, input)),
  withdraw: projectDoor(withdrawVerdict)
    .input(WithdrawVerdictInput)
    .mutation(({ ctx, input }) => withdrawVerdict(ctx.caller, ctx.ports, input)),
  defectTypes: projectDoor(listDefectTypes).query(({ ctx, input }) =>
    listDefectTypes(ctx.caller, ctx.ports, input),
  ),
});
