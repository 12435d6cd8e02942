import { isFinalFreezeStatus, isFinalImportStatus } from "@loupe/contracts";

import type { LiveFold } from "../../../lib/live/live-cache.ts";
import { applyFreezeEvent } from "./apply-freeze-event.ts";
import { applyImportEvent } from "./apply-import-event.ts";

/** Imports move by events; what they bring in is read again as they go on. */
export const foldDataEvents: LiveFold = ({ projectId, body }, { client, trpc, invalidate }) => {
  if (body.type === "dataset.frozen") {
    invalidate({ queryKey: trpc.data.versions.queryKey({ projectId }) });
    return;
  }
  if (body.type === "dataset.freeze") {
    const freezesKey = trpc.data.freezes.queryKey({ projectId });
    const isKnown = client.getQueryData(freezesKey)?.some(({ id }) => id === body.freezeId);
    client.setQueryData(freezesKey, (views) => views?.map((view) => applyFreezeEvent(view, body)));
    // The version and the error come with the row.
    if (isKnown !== true || isFinalFreezeStatus(body.status)) invalidate({ queryKey: freezesKey });
    return;
  }
  if (body.type !== "import.status") return;

  const listKey = trpc.data.imports.queryKey({ projectId });
  const known = client.getQueryData(listKey)?.some((view) => view.id === body.importId) ?? false;
  client.setQueryData(listKey, (views) => views?.map((view) => applyImportEvent(view, body)));
  client.setQueryData(
    trpc.data.import.queryKey({ projectId, importId: body.importId }),
    (view) => view && applyImportEvent(view, body),
  );
  // Outcomes, the error and the person come with the row, not with the event.
  if (!known || isFinalImportStatus(body.status)) {
    invalidate({ queryKey: listKey });
    invalidate({ queryKey: trpc.data.importFiles.pathKey() });
  }
  invalidate({ queryKey: trpc.data.counts.queryKey({ projectId }) });
  invalidate({ queryKey: trpc.data.images.pathKey() });
};
