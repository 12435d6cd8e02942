import type { ImportId, ImportView } from "@loupe/contracts";
import { enqueue, recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";

/**
 * Cancel an import: at once while it waits, else its worker stops and takes back what it has stored.
 *
 * The job is enqueued once more, for an import whose worker is gone: whoever gets to it first ends it.
 */
export async function cancelImport(ctx: ProjectContext, importId: ImportId): Promise<ImportView> {
  const { view, uploadKey } = await ctx.db.transaction(async (tx) => {
    const request = await tx.imports.requestCancel(importId, ctx.projectId);
    if (!request.isNew) return request;
    const { status, filesDone, filesTotal } = request.view;
    if (status === "cancelling") {
      const { organisationId, projectId: resource } = ctx;
      const job = { name: "dataset.import", organisationId, resource } as const;
      await enqueue(tx.sql, job, { importId });
    }
    await recordEvent(tx, {
      projectId: ctx.projectId,
      body: { type: "import.status", importId, status, filesDone, filesTotal },
      actorId: ctx.user.id,
    });
    return request;
  });
  if (uploadKey !== null) await ctx.blobs.deleteUpload(uploadKey);
  return view;
}
