export { foldInspectionEvents } from "./ui/fold-inspection-events.ts";
export { foldInspectionTelemetry } from "./ui/fold-inspection-telemetry.ts";
export { InspectPage } from "./ui/inspect-page.tsx";
