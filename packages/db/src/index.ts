export { openDatabase } from "./database.ts";
export { makeId } from "./make-id.ts";
export type {
  Database,
  OpenDatabaseOptions,
  Repositories,
  SqlExecutor,
  Transaction,
} from "./database.ts";
export { LEASE_STALE_AFTER_MS } from "./lease-stale-after.ts";
export { LeaseLost } from "./repositories/runs/leases.ts";
export type * from "./repositories/runs/leases.ts";
export type * from "./repositories/review/case-types.ts";
export type * from "./repositories/data/dataset-snapshot.ts";
export type * from "./repositories/data/datasets.ts";
export type * from "./repositories/runs/encoder-pulls.ts";
export type * from "./repositories/projects/demo-worlds.ts";
export type * from "./repositories/models/evaluations.ts";
export type * from "./repositories/projects/events.ts";
export type * from "./repositories/data/freezes.ts";
export type * from "./repositories/data/images.ts";
export type * from "./repositories/data/imports.ts";
export type * from "./repositories/inspect/inspections.ts";
export type { InspectionImageRow } from "./repositories/inspect/share-images.ts";
export type * from "./repositories/inspect/share-images.ts";
export type * from "./repositories/data/masks.ts";
export type * from "./repositories/people/members.ts";
export type * from "./repositories/models/models.ts";
export type * from "./repositories/people/organisations.ts";
export type * from "./repositories/models/predictions.ts";
export type * from "./repositories/projects/projects.ts";
export type * from "./repositories/runs/run-types.ts";
export type * from "./repositories/runs/runs.ts";
export type * from "./repositories/data/stored-files.ts";
export type * from "./repositories/runs/workers.ts";

export { listDemoPeople } from "./seed/list-demo-people.ts";
export { DEMO_PASSWORD, DEMO_PEOPLE } from "./seed/demo-organisation.ts";
export { seedDemo } from "./seed/seed-demo.ts";
export { migrate } from "./migrate/migrate.ts";
export { authAdapter } from "./auth-adapter.ts";
