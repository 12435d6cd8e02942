export { ServerFailure } from "./server-failure.ts";
export { startEmbeddedPostgres } from "./start-embedded-postgres.ts";
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from "./start-embedded-postgres.ts";
export { stopLeftBehind } from "./stop-left-behind.ts";
