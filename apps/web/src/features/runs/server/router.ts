import {
  cancelRun,
  getRun,
  listEncoderPulls,
  listRuns,
  listWorkers,
  pullEncoder,
  readCurve,
  readProbes,
  startRun,
  startRuns,
} from "@loupe/application";
import { EncoderName, RunId, StartRunInput, StartRunsInput } from "@loupe/contracts";
import { z } from "zod";

import { projectDoor, router } from "../../../server/trpc.ts";

const RunInput = z.object({ runId: RunId });
/** With a step: only what comes after it. */
const CurveInput = RunInput.extend({ afterStep: z.int().min(0).optional() });

export const runsRouter = router({
  list: projectDoor(listRuns).query(({ ctx, input }) => listRuns(ctx.caller, ctx.ports, input)),
  get: projectDoor(getRun)
    .input(RunInput)
    .query(({ ctx, input }) => getRun(ctx.caller, ctx.ports, input)),
  curve: projectDoor(readCurve)
    .input(CurveInput)
    .query(({ ctx, input }) => readCurve(ctx.caller, ctx.ports, input)),
  probes: projectDoor(readProbes)
    .input(RunInput)
    .query(({ ctx, input }) => readProbes(ctx.caller, ctx.ports, input)),
  workers: projectDoor(listWorkers).query(({ ctx, input }) =>
    listWorkers(ctx.caller, ctx.ports, input),
  ),
  start: projectDoor(startRun)
    .input(StartRunInput)
    .mutation(({ ctx, input }) => startRun(ctx.caller, ctx.ports, input)),
  startEach: projectDoor(startRuns)
    .input(StartRunsInput)
    .mutation(({ ctx, input }) => startRuns(ctx.caller, ctx.ports, input)),
  pulls: projectDoor(listEncoderPulls).query(({ ctx, input }) =>
    listEncoderPulls(ctx.caller, ctx.ports, input),
  ),
  pullEncoder: projectDoor(pullEncoder)
    .input(z.object({ encoder: EncoderName }))
    .mutation(({ ctx, input }) => pullEncoder(ctx.caller, ctx.ports, input)),
  cancel: projectDoor(cancelRun)
    .input(RunInput)
    .mutation(({ ctx, input }) => cancelRun(ctx.caller, ctx.ports, input)),
});
