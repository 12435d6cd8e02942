import type { InspectionView, ProjectEventBody } from "@loupe/contracts";

type InspectionProgress = Extract<ProjectEventBody, { type: "inspection.progress" }>;

/** True when nothing more will happen to the inspection. */
export function isFinalInspectionStatus(status: InspectionView["status"]): boolean {
  return status === "succeeded" || status === "failed";
}

/** Fold a progress event into a cached inspection; its count never falls and an ended one stays. */
export function applyInspectionEvent(
  view: InspectionView,
  event: InspectionProgress,
): InspectionView {
  if (event.inspectionId !== view.id || isFinalInspectionStatus(view.status)) return view;
  return {
    ...view,
    status: event.status,
    imagesDone: Math.max(view.imagesDone, event.imagesDone),
    imagesTotal: event.imagesTotal,
  };
}
