import type { ProjectId, RunId } from "@loupe/contracts";
import type { QueryClient } from "@tanstack/react-query";

import type { LiveCache } from "../../../../lib/live/live-cache.ts";
import { joinCurves, lastStep } from "./apply-curve-points.ts";

type CurveOf = { readonly projectId: ProjectId; readonly runId: RunId };
/** True: asked for once more since. */
type Readings = Map<RunId, boolean>;

/** What is being read, by cache; a run once at a time. */
const READINGS = new WeakMap<QueryClient, Readings>();

/** Read what follows on a cached curve, such as after messages were lost. */
export function readCurveOn(
  { client, trpc }: Pick<LiveCache, "client" | "trpc">,
  { projectId, runId }: CurveOf,
): void {
  const readings = READINGS.get(client) ?? new Map<RunId, boolean>();
  READINGS.set(client, readings);
  if (readings.has(runId)) {
    readings.set(runId, true);
    return;
  }
  readings.set(runId, false);
  void read()
    // The next message, or the next joining, asks again.
    .catch(() => undefined)
    .finally(() => {
      const isAskedAgain = readings.get(runId) === true;
      readings.delete(runId);
      if (isAskedAgain) readCurveOn({ client, trpc }, { projectId, runId });
    });

  async function read(): Promise<void> {
    const curveKey = trpc.runs.curve.queryKey({ projectId, runId });
    const known = client.getQueryData(curveKey);
    // Nobody looks at it, or it is on its way as a whole.
    if (known === undefined) return;
    const afterStep = lastStep(known);
    const question = trpc.runs.curve.queryOptions({ projectId, runId, afterStep });
    const later = await client.fetchQuery({ ...question, staleTime: 0, gcTime: 0, retry: false });
    const curve = client.getQueryData(curveKey);
    const joined = curve && joinCurves(curve, later);
    if (joined) client.setQueryData(curveKey, joined);
    else await client.invalidateQueries({ queryKey: curveKey, exact: true });
  }
}
