import type { ImportView, ProjectId, UserId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type ToldImport = Pick<ImportView, "id" | "status" | "filesDone" | "filesTotal"> & {
  readonly projectId: ProjectId;
};

/** Tell how far an import is. Call it last. */
export async function recordImportProgress(
  tx: Transaction,
  { projectId, id: importId, status, filesDone, filesTotal }: ToldImport,
  actorId?: UserId,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "import.progress", importId, status, filesDone, filesTotal },
    ...(actorId === undefined ? {} : { actorId }),
  });
}
