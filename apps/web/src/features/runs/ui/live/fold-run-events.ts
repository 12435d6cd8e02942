import { isFinalRunStatus } from "@loupe/contracts";

import type { LiveFold } from "../../../../lib/live/live-cache.ts";
import { applyProbesEvent } from "./apply-probes-event.ts";
import { applyPullEvent } from "./apply-pull-event.ts";
import { applyRunEvent } from "./apply-run-event.ts";
import { readCurveOn } from "./read-curve-on.ts";

/** Runs go from stage to stage; how far they are inside one is telemetry. */
export const foldRunEvents: LiveFold = ({ projectId, body }, cache) => {
  const { client, trpc, invalidate } = cache;
  const listKey = trpc.runs.list.queryKey({ projectId });
  if (body.type === "run.created") {
    invalidate({ queryKey: listKey });
    return;
  }
  if (body.type === "encoder.pull") {
    const pullsKey = trpc.runs.pulls.queryKey({ projectId });
    const pulls = client.getQueryData(pullsKey);
    const next = pulls && applyPullEvent(pulls, body);
    if (next) client.setQueryData(pullsKey, next);
    else invalidate({ queryKey: pullsKey });
    return;
  }
  if (!("runId" in body)) return;
  const { runId } = body;
  const runKey = trpc.runs.get.queryKey({ projectId, runId });
  const curveKey = trpc.runs.curve.queryKey({ projectId, runId });
  const probesKey = trpc.runs.probes.queryKey({ projectId, runId });

  client.setQueryData(runKey, (run) => run && applyRunEvent(run, body));
  client.setQueryData(listKey, (runs) => runs?.map((run) => applyRunEvent(run, body)));

  switch (body.type) {
    case "run.probes": {
      const probes = client.getQueryData(probesKey);
      const next = probes && applyProbesEvent(probes, body);
      if (next) client.setQueryData(probesKey, next);
      else invalidate({ queryKey: probesKey });
      return;
    }
    case "run.incident":
      // Nobody works on it for now, or whoever took over starts at the checkpoint: step and curve
      // go back to it.
      invalidate({ queryKey: runKey });
      invalidate({ queryKey: listKey });
      invalidate({ queryKey: curveKey });
      return;
    case "run.status":
    case "model.created": {
      // The rows have every step by now. Of the last ones nothing may be told any more.
      readCurveOn(cache, { projectId, runId });
      // Who works on it, why it failed and which model it became are not in the event.
      const status = body.type === "run.status" ? body.status : "succeeded";
      const before = client.getQueryData(runKey)?.stageDone;
      if (isFinalRunStatus(status) || body.type === "model.created" || before === 0) {
        invalidate({ queryKey: runKey });
        invalidate({ queryKey: listKey });
      }
      return;
    }
  }
};
