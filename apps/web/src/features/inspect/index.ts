export { foldInspectionEvents } from "./ui/fold-inspection-events.ts";
export { InspectPage } from "./ui/inspect-page.tsx";
