import {
  ModelVersionId,
  type ModelVersionView,
  type ScoredImage,
  type YardstickView,
} from "@loupe/contracts";
import { z } from "zod";

import { projectProcedure, router } from "../../../server/trpc.ts";
import { activateModel } from "./activate-model.ts";
import { readYardstick } from "./read-yardstick.ts";
import { readScores } from "./read-scores.ts";

const ModelInput = z.object({ modelVersionId: ModelVersionId });

export const modelsRouter = router({
  list: projectProcedure("model:read").query(({ ctx }): Promise<ModelVersionView[]> =>
    ctx.db.models.list(ctx.projectId),
  ),
  get: projectProcedure("model:read")
    .input(ModelInput)
    .query(({ ctx, input }): Promise<ModelVersionView> =>
      ctx.db.models.require(input.modelVersionId, ctx.projectId),
    ),
  scores: projectProcedure("model:read")
    .input(ModelInput)
    .query(({ ctx, input }): Promise<ScoredImage[]> => readScores(ctx, input.modelVersionId)),
  activate: projectProcedure("model:activate")
    .input(ModelInput)
    .mutation(({ ctx, input }): Promise<ModelVersionView> =>
      activateModel(ctx, input.modelVersionId),
    ),
  yardstick: projectProcedure("model:read")
    .input(ModelInput)
    .query(({ ctx, input }): Promise<YardstickView | null> =>
      readYardstick(ctx, input.modelVersionId),
    ),
});
