import type { ImportView, Telemetry } from "@loupe/contracts";

import { applyImportEvent } from "./apply-import-event.ts";

type ToldFiles = Extract<Telemetry, { type: "import.files" }>;

/** Fold into a cached import how many files it has seen to; only a worker that is at it counts them. */
export function applyImportTelemetry(view: ImportView, told: ToldFiles): ImportView {
  return applyImportEvent(view, { ...told, type: "import.status", status: "running" });
}
