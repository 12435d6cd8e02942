import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "pg";

import { migrate } from "../migrate/migrate.ts";
import { startEmbeddedPostgres } from "../embedded-postgres/index.ts";

/** Databases of tests; those that are left at the end belong to failed tests. */
export const TEST_DATABASE_PREFIX = "loupe_test_";
const TEMPLATE_DATABASE = "loupe_template";

export type TestServerOptions = {
  /** Adds to the migrated template what other packages keep in the database, such as the queue's tables. */
  readonly prepareTemplate?: (url: string) => Promise<void>;
};

export type TestServer = {
  /** Address of the template database; its server takes new databases. */
  readonly templateUrl: string;
  /** Stop it; returns where it keeps the databases of failed tests, or null when there are none. */
  stop(): Promise<string | null>;
};

/** A PostgreSQL for one test run, with a migrated template database. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "loupe-test-postgres-"));
  // mkdtemp closes the folder to others, and as root the server is someone else.
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    isDurable: false,
  });
  const templateUrl = databaseUrl(server.url, TEMPLATE_DATABASE);
  try {
    await administer(server.url, (client) => client.query(`create database ${TEMPLATE_DATABASE}`));
    await migrate(templateUrl);
    await options.prepareTemplate?.(templateUrl);
  } catch (error) {
    await server.stop();
    await rm(server.dataDir, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    templateUrl,
    stop: async () => {
      const { rows } = await administer(server.url, (client) =>
        client.query("select datname from pg_database where starts_with(datname, $1)", [
          TEST_DATABASE_PREFIX,
        ]),
      );
      await server.stop();
      if (rows.length > 0) return server.dataDir;
      await rm(server.dataDir, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
      return null;
    },
  };
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Run statements beside the databases under test, which cannot be made or dropped from within. */
export async function administer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl(url, "postgres") });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
