import { isFinalImportStatus } from "@loupe/contracts";

import type { TelemetryFold } from "../../../lib/live/live-cache.ts";
import { applyImportTelemetry } from "./apply-import-telemetry.ts";

/** Imports count up by telemetry; what they bring in is read again as they go on. */
export const foldImportTelemetry: TelemetryFold = {
  apply({ projectId, body }, { client, trpc, invalidate }) {
    if (body.type !== "import.files") return;
    client.setQueryData(trpc.data.imports.queryKey({ projectId }), (views) =>
      views?.map((view) => applyImportTelemetry(view, body)),
    );
    client.setQueryData(
      trpc.data.import.queryKey({ projectId, importId: body.importId }),
      (view) => view && applyImportTelemetry(view, body),
    );
    invalidate({ queryKey: trpc.data.counts.queryKey({ projectId }) });
    invalidate({ queryKey: trpc.data.images.pathKey() });
  },

  catchUp(projectId, { client, trpc, invalidate }) {
    const listKey = trpc.data.imports.queryKey({ projectId });
    const views = client.getQueryData(listKey);
    if (views?.some(({ status }) => !isFinalImportStatus(status)) !== true) return;
    invalidate({ queryKey: listKey });
    invalidate({ queryKey: trpc.data.import.pathKey() });
    invalidate({ queryKey: trpc.data.counts.queryKey({ projectId }) });
    invalidate({ queryKey: trpc.data.images.pathKey() });
  },
};
