import {
  type InspectionView,
  isFinalInspectionStatus,
  type ProjectEventBody,
} from "@loupe/contracts";

type InspectionProgress = Extract<ProjectEventBody, { type: "inspection.status" }>;

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
