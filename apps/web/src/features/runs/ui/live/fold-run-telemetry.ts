import { isFinalRunStatus } from "@loupe/contracts";

import type { TelemetryFold } from "../../../../lib/live/live-cache.ts";
import { applyCurvePoints } from "./apply-curve-points.ts";
import { applyRunTelemetry } from "./apply-run-telemetry.ts";
import { readCurveOn } from "./read-curve-on.ts";

/** Runs move step by step without asking the server, which has to say only what did not come. */
export const foldRunTelemetry: TelemetryFold = {
  apply({ projectId, body }, cache) {
    if (!("runId" in body)) return;
    const { client, trpc, invalidate } = cache;
    const { runId } = body;
    const runKey = trpc.runs.get.queryKey({ projectId, runId });
    const listKey = trpc.runs.list.queryKey({ projectId });

    const run = client.getQueryData(runKey);
    const next = run && applyRunTelemetry(run, body);
    if (next) client.setQueryData(runKey, next);
    else if (run) invalidate({ queryKey: runKey });

    const runs = client.getQueryData(listKey)?.map((each) => applyRunTelemetry(each, body));
    if (runs?.every((each) => each !== null)) client.setQueryData(listKey, runs);
    else if (runs) invalidate({ queryKey: listKey });

    if (body.type !== "run.points") return;
    const curveKey = trpc.runs.curve.queryKey({ projectId, runId });
    const curve = client.getQueryData(curveKey);
    const longer = curve && applyCurvePoints(curve, body);
    if (longer) client.setQueryData(curveKey, longer);
    else if (curve) readCurveOn(cache, { projectId, runId });
  },

  catchUp(projectId, cache) {
    const { client, trpc, invalidate } = cache;
    for (const query of client.getQueryCache().findAll({ queryKey: trpc.runs.get.pathKey() })) {
      const run = client.getQueryData<(typeof trpc.runs.get)["~types"]["output"]>(query.queryKey);
      if (run?.projectId !== projectId || isFinalRunStatus(run.status)) continue;
      invalidate({ queryKey: query.queryKey });
      readCurveOn(cache, { projectId, runId: run.id });
    }
    const listKey = trpc.runs.list.queryKey({ projectId });
    const isUnderWay = client
      .getQueryData(listKey)
      ?.some(({ status }) => !isFinalRunStatus(status));
    if (isUnderWay === true) invalidate({ queryKey: listKey });
  },
};
