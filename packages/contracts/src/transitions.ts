import type { FreezeStatus, ImportStatus } from "./dataset.ts";
import type { InspectionStatus } from "./review.ts";
import { type PullStatus, RUN_TRANSITIONS, type RunStatus } from "./run.ts";

type Transitions<S extends string> = Readonly<Record<S, readonly S[]>>;

const IMPORT_TRANSITIONS = {
  uploaded: ["running", "succeeded", "refused", "failed", "cancelled"],
  running: ["succeeded", "refused", "failed", "cancelling"],
  cancelling: ["cancelled"],
  succeeded: [],
  refused: [],
  failed: [],
  cancelled: [],
} as const satisfies Transitions<ImportStatus>;

const FREEZE_TRANSITIONS = {
  queued: ["freezing", "succeeded", "failed"],
  freezing: ["succeeded", "failed"],
  succeeded: [],
  failed: [],
} as const satisfies Transitions<FreezeStatus>;

const PULL_TRANSITIONS = {
  queued: ["downloading", "succeeded", "failed"],
  downloading: ["succeeded", "failed"],
  succeeded: [],
  failed: [],
} as const satisfies Transitions<PullStatus>;

const INSPECTION_TRANSITIONS = {
  uploading: ["queued", "cancelled"],
  queued: ["scoring", "succeeded", "failed", "cancelled"],
  scoring: ["succeeded", "failed", "cancelled"],
  succeeded: [],
  failed: [],
  cancelled: [],
} as const satisfies Transitions<InspectionStatus>;

/**
 * Where everything that has a status may go from each, by the table that keeps it. The database
 * refuses every other change, whoever asks for it, and a test holds its triggers against this.
 */
export const TRANSITIONS = {
  training_run: RUN_TRANSITIONS satisfies Transitions<RunStatus>,
  import: IMPORT_TRANSITIONS,
  dataset_freeze: FREEZE_TRANSITIONS,
  encoder_pull: PULL_TRANSITIONS,
  inspection: INSPECTION_TRANSITIONS,
} as const satisfies Readonly<Record<string, Transitions<string>>>;
