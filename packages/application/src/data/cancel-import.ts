import type { ImportId, ImportView, ProjectId } from "@loupe/contracts";
import { enqueue } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { recordImportStatus } from "./record-import-status.ts";

/**
 * Cancel an import: at once while it waits, else its worker stops and takes back what it has stored.
 *
 * The job is enqueued once more, for an import whose worker is gone: whoever gets to it first ends it.
 */
export const cancelImport = projectUseCase(
  "data:write",
  async (
    { db, blobs, actor, organisationId, projectId },
    { importId }: { projectId: ProjectId; importId: ImportId },
  ): Promise<ImportView> => {
    const { view, uploadKey } = await db.transaction(async (tx) => {
      const request = await tx.imports.requestCancel(importId, projectId);
      if (!request.isNew) return request;
      if (request.view.status === "cancelling") {
        const job = { name: "dataset.import", organisationId, resource: projectId } as const;
        await enqueue(tx.sql, job, { importId });
      }
      await recordImportStatus(tx, { ...request.view, projectId }, authorOf(actor));
      return request;
    });
    if (uploadKey !== null) await blobs.deleteUpload(uploadKey);
    return view;
  },
);
