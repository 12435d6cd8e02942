export { openDatabase } from "./database.ts";
export type {
  Database,
  OpenDatabaseOptions,
  Repositories,
  SqlExecutor,
  Transaction,
} from "./database.ts";
export { RUN_STALE_AFTER_MS } from "./repositories/run-types.ts";
export type * from "./repositories/case-types.ts";
export type * from "./repositories/dataset-snapshot.ts";
export type * from "./repositories/datasets.ts";
export type * from "./repositories/encoder-pulls.ts";
export type * from "./repositories/demo-worlds.ts";
export type * from "./repositories/evaluations.ts";
export type * from "./repositories/events.ts";
export type * from "./repositories/freezes.ts";
export type * from "./repositories/images.ts";
export type * from "./repositories/imports.ts";
export type * from "./repositories/inspections.ts";
export type * from "./repositories/masks.ts";
export type * from "./repositories/members.ts";
export type * from "./repositories/models.ts";
export type * from "./repositories/organisations.ts";
export type * from "./repositories/predictions.ts";
export type * from "./repositories/projects.ts";
export type * from "./repositories/run-types.ts";
export type * from "./repositories/runs.ts";
export type * from "./repositories/stored-files.ts";
export type * from "./repositories/workers.ts";

export { listDemoPeople } from "./seed/list-demo-people.ts";
export { DEMO_PASSWORD, DEMO_PEOPLE } from "./seed/demo-organisation.ts";
export { seedDemo } from "./seed/seed-demo.ts";
export { migrate } from "./migrate/migrate.ts";
export { authAdapter } from "./auth-adapter.ts";
