import { isFinalInspectionStatus } from "@loupe/contracts";

import type { TelemetryFold } from "../../../lib/live/live-cache.ts";
import { applyInspectionTelemetry } from "./apply-inspection-telemetry.ts";

/** Inspections count up by telemetry. */
export const foldInspectionTelemetry: TelemetryFold = {
  apply({ projectId, body }, { client, trpc }) {
    if (body.type !== "inspection.images") return;
    const { inspectionId } = body;
    client.setQueryData(trpc.inspections.list.queryKey({ projectId }), (views) =>
      views?.map((view) => applyInspectionTelemetry(view, body)),
    );
    client.setQueryData(
      trpc.inspections.get.queryKey({ projectId, inspectionId }),
      (view) => view && applyInspectionTelemetry(view, body),
    );
  },

  catchUp(projectId, { client, trpc, invalidate }) {
    const listKey = trpc.inspections.list.queryKey({ projectId });
    const views = client.getQueryData(listKey);
    if (views?.some(({ status }) => !isFinalInspectionStatus(status)) !== true) return;
    invalidate({ queryKey: listKey });
    invalidate({ queryKey: trpc.inspections.get.pathKey() });
  },
};
