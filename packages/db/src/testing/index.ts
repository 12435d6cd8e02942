export { testDatabase, withDatabase } from "./test-database.ts";
export type { TestDatabase } from "./test-database.ts";
export { copyTemplate } from "./copy-template.ts";
export type { DatabaseCopy } from "./copy-template.ts";
export { startTestServer } from "./test-server.ts";
export type { TestServer, TestServerOptions } from "./test-server.ts";
export * from "./builders.ts";
