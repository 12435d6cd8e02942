import {
  EncoderName,
  type EncoderPullView,
  RunId,
  type RunProbe,
  type RunView,
  StartRunInput,
  StartRunsInput,
  type WorkerView,
} from "@loupe/contracts";
import { z } from "zod";

import { projectProcedure, router } from "../../../server/trpc.ts";
import { cancelRun } from "./cancel-run.ts";
import { listWorkers } from "./list-workers.ts";
import { pullEncoder } from "./pull-encoder.ts";
import { readCurve } from "./read-curve.ts";
import { readProbes } from "./read-probes.ts";
import { startRun } from "./start-run.ts";
import { startRuns } from "./start-runs.ts";

const RunInput = z.object({ runId: RunId });
/** With a step: only what comes after it. */
const CurveInput = RunInput.extend({ afterStep: z.int().min(0).optional() });

export const runsRouter = router({
  list: projectProcedure("run:read").query(({ ctx }): Promise<RunView[]> =>
    ctx.db.runs.list(ctx.projectId),
  ),
  get: projectProcedure("run:read")
    .input(RunInput)
    .query(({ ctx, input }): Promise<RunView> => ctx.db.runs.require(input.runId, ctx.projectId)),
  curve: projectProcedure("run:read")
    .input(CurveInput)
    .query(({ ctx, input }) => readCurve(ctx, input)),
  probes: projectProcedure("run:read")
    .input(RunInput)
    .query(({ ctx, input }): Promise<RunProbe[]> => readProbes(ctx, input.runId)),
  workers: projectProcedure("run:read").query(({ ctx }): Promise<WorkerView[]> => listWorkers(ctx)),
  start: projectProcedure("run:write")
    .input(StartRunInput)
    .mutation(({ ctx, input }): Promise<RunView> => startRun(ctx, input)),
  startEach: projectProcedure("run:write")
    .input(StartRunsInput)
    .mutation(({ ctx, input }): Promise<RunView[]> => startRuns(ctx, input)),
  pulls: projectProcedure("run:read").query(({ ctx }): Promise<EncoderPullView[]> =>
    ctx.db.encoderPulls.list(ctx.projectId),
  ),
  pullEncoder: projectProcedure("encoder:pull")
    .input(z.object({ encoder: EncoderName }))
    .mutation(({ ctx, input }): Promise<EncoderPullView> => pullEncoder(ctx, input.encoder)),
  cancel: projectProcedure("run:write")
    .input(RunInput)
    .mutation(({ ctx, input }): Promise<RunView> => cancelRun(ctx, input.runId)),
});
