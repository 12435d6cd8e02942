export type { Actor, PersonActor } from "./actor/actor.ts";
export type { ApiKeyCaller, Caller, PersonCaller, SystemCaller } from "./actor/caller.ts";
export { enterProject } from "./actor/enter-project.ts";

export type { OrganisationUseCase } from "./use-case/organisation-use-case.ts";
export type { Ports } from "./use-case/ports.ts";
export type { ProjectUseCase } from "./use-case/project-use-case.ts";

export { deriveKey } from "./derive-key.ts";

export { admitImport } from "./data/admit-import.ts";
export { cancelImport } from "./data/cancel-import.ts";
export { countImages } from "./data/count-images.ts";
export { endFreeze } from "./data/end-freeze.ts";
export { findImageFile } from "./data/find-image-file.ts";
export { findMaskFile } from "./data/find-mask-file.ts";
export { freezeDataset } from "./data/freeze-dataset.ts";
export { getImport } from "./data/get-import.ts";
export { listDatasetVersions } from "./data/list-dataset-versions.ts";
export { listFreezes } from "./data/list-freezes.ts";
export { listImages } from "./data/list-images.ts";
export { listImportFiles } from "./data/list-import-files.ts";
export { listImports } from "./data/list-imports.ts";
export { recordDatasetFrozen } from "./data/record-dataset-frozen.ts";
export { recordFreeze } from "./data/record-freeze.ts";
export { recordImportStatus } from "./data/record-import-status.ts";
export { runFreeze } from "./data/run-freeze.ts";
export { submitImport } from "./data/submit-import.ts";
export { IMPORT_CANCELLED, takeBackImport, type TakenBack } from "./data/take-back-import.ts";

export { admitInspection } from "./inspections/admit-inspection.ts";
export { cancelInspection } from "./inspections/cancel-inspection.ts";
export { endInspection } from "./inspections/end-inspection.ts";
export { getInspection } from "./inspections/get-inspection.ts";
export { listInspections } from "./inspections/list-inspections.ts";
export { storeShare, type ScoredPart } from "./inspections/store-share.ts";
export { submitInspection, type StagedPicture } from "./inspections/submit-inspection.ts";

export { activateModel } from "./models/activate-model.ts";
export { endRescoring } from "./models/end-rescoring.ts";
export { findModelFile } from "./models/find-model-file.ts";
export { getModel } from "./models/get-model.ts";
export { listModels } from "./models/list-models.ts";
export { readBaseline } from "./models/read-baseline.ts";
export { readScores } from "./models/read-scores.ts";
export { storePredictions, type StoredScore } from "./models/store-predictions.ts";

export { createProject } from "./projects/create-project.ts";
export { getProject } from "./projects/get-project.ts";
export { listProjects } from "./projects/list-projects.ts";
export { readDemoProgress } from "./projects/read-demo-progress.ts";
export { recordDemoProgress } from "./projects/record-demo-progress.ts";

export { findAnomalyMap } from "./review/find-anomaly-map.ts";
export { getCase } from "./review/get-case.ts";
export { giveVerdict } from "./review/give-verdict.ts";
export { listCasesById } from "./review/list-cases-by-id.ts";
export { listCases } from "./review/list-cases.ts";
export { listDefectTypes } from "./review/list-defect-types.ts";
export { recordCasesChanged } from "./review/record-cases-changed.ts";
export { withdrawVerdict } from "./review/withdraw-verdict.ts";

export { cancelRun } from "./runs/cancel-run.ts";
export { endRun } from "./runs/end-run.ts";
export { findProbeMap } from "./runs/find-probe-map.ts";
export { getRun } from "./runs/get-run.ts";
export { listEncoderPulls } from "./runs/list-encoder-pulls.ts";
export { listRuns } from "./runs/list-runs.ts";
export { listWorkers } from "./runs/list-workers.ts";
export { publishRun } from "./runs/publish-run.ts";
export { pullEncoder } from "./runs/pull-encoder.ts";
export { readCurve } from "./runs/read-curve.ts";
export { readProbes } from "./runs/read-probes.ts";
export { recordEncoderPull } from "./runs/record-encoder-pull.ts";
export { recordRunIncident } from "./runs/record-run-incident.ts";
export { recordRunProbes } from "./runs/record-run-probes.ts";
export { recordRunStatus } from "./runs/record-run-status.ts";
export { startRun } from "./runs/start-run.ts";
export { startRuns } from "./runs/start-runs.ts";

export { whoAmI, type Standing } from "./session/who-am-i.ts";

export { readStorage } from "./storage/read-storage.ts";
