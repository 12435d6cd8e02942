import type { ImportView, ProjectEventBody } from "@loupe/contracts";

type ImportProgress = Extract<ProjectEventBody, { type: "import.progress" }>;

/** True when nothing more will happen to the import. */
export function isFinalImportStatus(status: ImportView["status"]): boolean {
  return status === "succeeded" || status === "refused" || status === "failed";
}

/**
 * Fold a progress event into a cached import.
 *
 * An import that has ended stays ended, and its count never falls: a worker that takes over after
 * a crash counts anew what is already done.
 */
export function applyImportEvent(view: ImportView, event: ImportProgress): ImportView {
  if (event.importId !== view.id || isFinalImportStatus(view.status)) return view;
  const filesDone = Math.max(view.filesDone, event.filesDone);
  const filesTotal = event.filesTotal ?? view.filesTotal;
  if (
    filesDone === view.filesDone &&
    filesTotal === view.filesTotal &&
    event.status === view.status
  ) {
    return view;
  }
  return { ...view, status: event.status, filesDone, filesTotal };
}
