import type { LiveFold } from "../../../lib/live/live-cache.ts";

/** A new model is read in full: its figures are not in the event. */
export const foldModelEvents: LiveFold = (event, { trpc, invalidate }) => {
  if (event.body.type === "model.activated") {
    // Two versions change: the one that is active now, and the one that was.
    invalidate({ queryKey: trpc.models.list.queryKey({ projectId: event.projectId }) });
    invalidate({ queryKey: trpc.models.get.pathKey() });
    return;
  }
  if (event.body.type !== "model.created") return;
  const { projectId } = event;
  const { modelVersionId } = event.body;
  invalidate({ queryKey: trpc.models.list.queryKey({ projectId }) });
  // It may be the bank that others are held against.
  invalidate({ queryKey: trpc.models.baseline.pathKey() });
  invalidate({ queryKey: trpc.models.get.queryKey({ projectId, modelVersionId }) });
};
