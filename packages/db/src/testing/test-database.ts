import { afterAll, afterEach, beforeAll, inject } from "vitest";

import { type Database, openDatabase } from "../database.ts";
import { copyTemplate } from "./copy-template.ts";

export type TestDatabase = {
  /** Connected to the file's own copy of the template; use it inside tests and hooks only. */
  readonly db: Database;
  readonly url: string;
};

/**
 * A database for the tests of this file: a copy of the migrated template,
 * dropped when all passed and kept for a look when one failed.
 *
 * Wants `@loupe/db/testing/global-setup` (or a `databaseSetup`) as the project's global set-up.
 */
export function testDatabase(): TestDatabase {
  let opened: TestDatabase | null = null;
  let drop: (() => Promise<void>) | null = null;
  let hasFailure = false;

  beforeAll(async () => {
    const copy = await copyTemplate(inject("templateUrl"));
    drop = copy.drop;
    opened = { db: await openDatabase(copy.url), url: copy.url };
  });
  afterEach(({ task }) => {
    if (task.result?.state === "fail") hasFailure = true;
  });
  afterAll(async () => {
    await opened?.db.close();
    if (!hasFailure) await drop?.();
  });

  const current = (): TestDatabase => {
    if (opened === null) throw new Error("The test database is there inside tests and hooks only");
    return opened;
  };
  return {
    get db() {
      return current().db;
    },
    get url() {
      return current().url;
    },
  };
}

/** Run work on a database of its own; it is kept when the work throws. */
export async function withDatabase<T>(work: (db: Database, url: string) => Promise<T>): Promise<T> {
  const copy = await copyTemplate(inject("templateUrl"));
  const db = await openDatabase(copy.url);
  let result: T;
  try {
    result = await work(db, copy.url);
  } finally {
    await db.close();
  }
  await copy.drop();
  return result;
}
