import type { TestProject } from "vitest/node";

import { startTestServer, type TestServer, type TestServerOptions } from "./test-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the migrated template database. */
    templateUrl: string;
  }
}

type Shared = { users: number; readonly server: Promise<TestServer> };

/** Vitest loads this module once for each project; the process is what they have in common. */
const SHARED_SERVERS = Symbol.for("loupe.test-servers");

function sharedServers(): Map<string, Shared> {
  const registry = globalThis as { [SHARED_SERVERS]?: Map<string, Shared> };
  registry[SHARED_SERVERS] ??= new Map();
  return registry[SHARED_SERVERS];
}

export type DatabaseSetupOptions = TestServerOptions & {
  /** Projects that name the same kind share one server. */
  readonly kind: string;
};

/**
 * A vitest global set-up that gives every test file of the project a template to copy.
 *
 * Use the default export as it is, or make one whose template holds more.
 */
export function databaseSetup(options: DatabaseSetupOptions) {
  return async function setup(project: TestProject): Promise<() => Promise<void>> {
    const servers = sharedServers();
    const shared = servers.get(options.kind) ?? { users: 0, server: startTestServer(options) };
    shared.users++;
    servers.set(options.kind, shared);
    const server = await shared.server;
    project.provide("templateUrl", server.templateUrl);
    return async () => {
      shared.users--;
      if (shared.users > 0) return;
      servers.delete(options.kind);
      const kept = await server.stop();
      if (kept !== null) {
        process.stderr.write(`The databases of failed tests are kept in ${kept}\n`);
      }
    };
  };
}

export default databaseSetup({ kind: "tables" });
