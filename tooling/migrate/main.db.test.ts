import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { environment, inheritedEnvironment } from "../env.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";
import { startDatabase } from "../start/start-database.ts";

let home = "";
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), "loupe-migrate-"))));
afterEach(async () => rm(home, { recursive: true, force: true }));

type Told = { readonly code: number; readonly output: string };

async function runMigrate(url: string): Promise<Told> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", "tooling/migrate/main.ts"],
      { cwd: REPOSITORY_ROOT, env: inheritedEnvironment({ DATABASE_URL: url }) },
      (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

test("an empty database gets its tables, and a second time changes nothing", async () => {
  const settings = {
    home,
    isDevelopment: false,
    environment: { ...environment(), DATABASE_URL: undefined },
  };
  const server = await startDatabase(settings, {
    say: () => undefined,
    onStarted: () => undefined,
  });
  try {
    const first = await runMigrate(server.url);
    expect(first.output).toMatch(/^Applied 0001_\w+, .*\. The database is up to date\.\n$/u);
    expect(await runMigrate(server.url)).toEqual({
      code: 0,
      output: "The database is up to date.\n",
    });
  } finally {
    await server.stop();
  }
}, 120_000);

test("without an address, or with a wrong one, it says what to do", async () => {
  const unset = await runMigrate("");
  expect(unset).toMatchObject({ code: 1 });
  expect(unset.output).toMatch(/^Expected DATABASE_URL to name a PostgreSQL, got nothing\./u);
  const nobody = await runMigrate("postgres://nobody@127.0.0.1:1/nothing");
  expect(nobody).toMatchObject({ code: 1 });
  expect(nobody.output).toMatch(/^The database cannot be used: .*Correct DATABASE_URL/u);
}, 120_000);
