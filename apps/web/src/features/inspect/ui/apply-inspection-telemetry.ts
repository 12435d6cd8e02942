import type { InspectionView, Telemetry } from "@loupe/contracts";

import { applyInspectionEvent } from "./apply-inspection-event.ts";

type ToldImages = Extract<Telemetry, { type: "inspection.images" }>;

/** Fold into a cached inspection how many images have been scored. */
export function applyInspectionTelemetry(view: InspectionView, told: ToldImages): InspectionView {
  return applyInspectionEvent(view, { ...told, type: "inspection.status", status: "scoring" });
}
