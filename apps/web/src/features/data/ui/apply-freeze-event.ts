import { type FreezeView, isFinalFreezeStatus, type ProjectEventBody } from "@loupe/contracts";

type FreezeProgress = Extract<ProjectEventBody, { type: "dataset.freeze" }>;

/** Fold a progress event into a cached freeze; one that has ended stays ended. */
export function applyFreezeEvent(view: FreezeView, event: FreezeProgress): FreezeView {
  if (event.freezeId !== view.id || isFinalFreezeStatus(view.status)) return view;
  const { status, imagesDone, imagesTotal } = event;
  // A queued one is never under way again, whatever comes late.
  if (status === "queued" && view.status !== "queued") return view;
  return { ...view, status, imagesDone, imagesTotal: imagesTotal ?? view.imagesTotal };
}
