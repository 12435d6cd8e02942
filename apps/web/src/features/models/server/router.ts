import { activateModel, getModel, listModels, readBaseline, readScores } from "@loupe/application";
import { ModelVersionId } from "@loupe/contracts";
import { z } from "zod";

import { projectDoor, router } from "../../../server/trpc.ts";

const ModelInput = z.object({ modelVersionId: ModelVersionId });

export const modelsRouter = router({
  list: projectDoor(listModels).query(({ ctx, input }) => listModels(ctx.caller, ctx.ports, input)),
  get: projectDoor(getModel)
    .input(ModelInput)
    .query(({ ctx, input }) => getModel(ctx.caller, ctx.ports, input)),
  scores: projectDoor(readScores)
    .input(ModelInput)
    .query(({ ctx, input }) => readScores(ctx.caller, ctx.ports, input)),
  activate: projectDoor(activateModel)
    .input(ModelInput)
    .mutation(({ ctx, input }) => activateModel(ctx.caller, ctx.ports, input)),
  baseline: projectDoor(readBaseline)
    .input(ModelInput)
    .query(({ ctx, input }) => readBaseline(ctx.caller, ctx.ports, input)),
});
