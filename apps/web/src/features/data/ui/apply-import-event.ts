import { type ImportView, isFinalImportStatus, type ProjectEventBody } from "@loupe/contracts";

type ImportProgress = Extract<ProjectEventBody, { type: "import.status" }>;

/**
 * Fold a progress event into a cached import.
 *
 * An import that has ended stays ended, and its count never falls: a worker that takes over after
 * a crash counts anew what is already done.
 */
export function applyImportEvent(view: ImportView, event: ImportProgress): ImportView {
  if (event.importId !== view.id || isFinalImportStatus(view.status)) return view;
  // What is still on its way from before somebody cancelled.
  if (view.status === "cancelling" && !isFinalImportStatus(event.status)) return view;
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
