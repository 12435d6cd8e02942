import type { ImportView, ProjectId } from "@loupe/contracts";
import { enqueue, recordEvent } from "@loupe/platform";

import { holdProjectAccess } from "../../../server/hold-project-access.ts";
import { requireProjectAccess } from "../../../server/require-project-access.ts";
import type { RestCall } from "../../../server/rest.ts";
import { requireImportRoom } from "../../../server/require-queue-room.ts";
import { receiveImport } from "./receive-import.ts";

/**
 * Take an uploaded archive or folder and let a worker import it.
 *
 * The role is checked before the first byte is read, and again at the end. The import, its job and
 * its event are committed together; without them the upload is removed again.
 */
export async function uploadImport(call: RestCall<{ projectId: ProjectId }>): Promise<Response> {
  const { db, blobs } = call.services;
  const userId = call.signIn.user.id;
  const { projectId, organisationId } = await requireProjectAccess(db, {
    userId,
    projectId: call.params.projectId,
    action: "data:write",
  });
  await requireImportRoom(db, organisationId);
  const received = await receiveImport(call.request, blobs);
  try {
    const view = await db.transaction(async (tx): Promise<ImportView> => {
      await holdProjectAccess(tx, { signIn: call.signIn, projectId, action: "data:write" });
      // Again: others may have come while the bytes did.
      await requireImportRoom(tx, organisationId);
      const row = await tx.imports.create({ projectId, createdById: userId, ...received });
      const job = { name: "dataset.import", organisationId, resource: projectId } as const;
      await enqueue(tx.sql, job, { importId: row.id });
      const { id: importId, status, filesDone, filesTotal } = row;
      await recordEvent(tx, {
        projectId,
        body: { type: "import.status", importId, status, filesDone, filesTotal },
        actorId: userId,
      });
      return row;
    });
    return Response.json({ import: view }, { status: 201 });
  } catch (error) {
    await blobs.deleteUpload(received.uploadKey);
    throw error;
  }
}
