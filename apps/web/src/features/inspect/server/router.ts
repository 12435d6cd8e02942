import { cancelInspection, getInspection, listInspections } from "@loupe/application";
import { InspectionId } from "@loupe/contracts";
import { z } from "zod";

import { projectDoor, router } from "../../../server/trpc.ts";

const InspectionInput = z.object({ inspectionId: InspectionId });

export const inspectionsRouter = router({
  list: projectDoor(listInspections).query(({ ctx, input }) =>
    listInspections(ctx.caller, ctx.ports, input),
  ),
  get: projectDoor(getInspection)
    .input(InspectionInput)
    .query(({ ctx, input }) => getInspection(ctx.caller, ctx.ports, input)),
  cancel: projectDoor(cancelInspection)
    .input(InspectionInput)
    .mutation(({ ctx, input }) => cancelInspection(ctx.caller, ctx.ports, input)),
});
