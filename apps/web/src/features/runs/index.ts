export { foldRunEvents } from "./ui/live/fold-run-events.ts";
export { foldRunTelemetry } from "./ui/live/fold-run-telemetry.ts";
export { RunPage } from "./ui/run/run-page.tsx";
export { RunsPage } from "./ui/runs-page.tsx";
export { methodTitle } from "./ui/method-title.ts";
export { describeLength } from "./ui/method-words.ts";
export { PROVIDER_LABEL } from "./ui/provider-label.ts";
export { presetTitle, UsedSettings } from "./ui/run/used-settings.tsx";
