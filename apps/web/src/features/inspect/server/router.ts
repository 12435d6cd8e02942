import { InspectionId, type InspectionView } from "@loupe/contracts";
import { z } from "zod";

import { projectProcedure, router } from "../../../server/trpc.ts";
import { cancelInspection } from "./cancel-inspection.ts";

export const inspectionsRouter = router({
  list: projectProcedure("case:read").query(({ ctx }): Promise<InspectionView[]> =>
    ctx.db.inspections.list(ctx.projectId),
  ),
  get: projectProcedure("case:read")
    .input(z.object({ inspectionId: InspectionId }))
    .query(({ ctx, input }): Promise<InspectionView> =>
      ctx.db.inspections.require(input.inspectionId, ctx.projectId),
    ),
  cancel: projectProcedure("inspection:write")
    .input(z.object({ inspectionId: InspectionId }))
    .mutation(({ ctx, input }): Promise<InspectionView> =>
      cancelInspection(ctx, input.inspectionId),
    ),
});
