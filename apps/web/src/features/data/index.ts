export { DataPage } from "./ui/data-page.tsx";
export { foldDataEvents } from "./ui/fold-data-events.ts";
export { foldImportTelemetry } from "./ui/fold-import-telemetry.ts";
