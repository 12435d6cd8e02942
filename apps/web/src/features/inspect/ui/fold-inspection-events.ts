import { isFinalInspectionStatus } from "@loupe/contracts";

import type { LiveFold } from "../../../lib/live/live-cache.ts";
import { applyInspectionEvent } from "./apply-inspection-event.ts";

/** Inspections count up by events; a new or an ended one is read in full. */
export const foldInspectionEvents: LiveFold = (event, { client, trpc, invalidate }) => {
  const { projectId, body } = event;
  if (body.type !== "inspection.status") return;
  const { inspectionId } = body;
  const listKey = trpc.inspections.list.queryKey({ projectId });
  const oneKey = trpc.inspections.get.queryKey({ projectId, inspectionId });
  const known = client.getQueryData(listKey)?.some((view) => view.id === inspectionId) ?? false;
  client.setQueryData(listKey, (views) => views?.map((view) => applyInspectionEvent(view, body)));
  client.setQueryData(oneKey, (view) => view && applyInspectionEvent(view, body));
  if (!known || isFinalInspectionStatus(body.status)) {
    invalidate({ queryKey: listKey });
    invalidate({ queryKey: oneKey });
  }
};
