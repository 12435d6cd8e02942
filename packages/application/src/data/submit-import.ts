import type { ImportView, ProjectId } from "@loupe/contracts";
import { enqueue } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import { holdAccess } from "../actor/hold-access.ts";
import { requireImportRoom } from "../require-queue-room.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { recordImportStatus } from "./record-import-status.ts";

/** An archive or a folder that lies in the upload area. */
export type SubmitImportInput = {
  readonly projectId: ProjectId;
  readonly uploadKey: string;
  readonly fileName: string;
  readonly sizeBytes: number;
};

/**
 * Let a worker import what has been uploaded.
 *
 * Role and room are asked for again, since others may have come while the bytes did. The import, its
 * job and its event are committed together; who called removes the upload when this throws.
 */
export const submitImport = projectUseCase(
  "data:write",
  (scene, input: SubmitImportInput): Promise<ImportView> => {
    const { db, actor, organisationId, projectId } = scene;
    const createdById = authorOf(actor);
    return db.transaction(async (tx) => {
      await holdAccess(tx, scene);
      await requireImportRoom(tx, organisationId);
      const row = await tx.imports.create({ ...input, createdById });
      const job = { name: "dataset.import", organisationId, resource: projectId } as const;
      await enqueue(tx.sql, job, { importId: row.id });
      await recordImportStatus(tx, { ...row, projectId }, createdById);
      return row;
    });
  },
);
