import type { ImportView, ProjectId, UserId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type ToldImport = Pick<ImportView, "id" | "status" | "filesDone" | "filesTotal"> & {
  readonly projectId: ProjectId;
};

/** Tell that an import began, ended or was cancelled. Call it last. */
export async function recordImportStatus(
  tx: Transaction,
  { projectId, id: importId, status, filesDone, filesTotal }: ToldImport,
  actorId?: UserId,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "import.status", importId, status, filesDone, filesTotal },
    ...(actorId === undefined ? {} : { actorId }),
  });
}
