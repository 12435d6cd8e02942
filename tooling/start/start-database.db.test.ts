import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { environment } from "../env.ts";
import { startDatabase } from "./start-database.ts";

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "loupe-home-"));
});
afterEach(async () => {
  await chmod(home, 0o700);
  await rm(home, { recursive: true, force: true });
});

test("a database that ended by itself is started again under the address that others know", async () => {
  const { openDatabase } = await import("@loupe/db");
  const said: string[] = [];
  const pids: number[] = [];
  const settings = {
    home,
    isDevelopment: false,
    environment: { ...environment(), DATABASE_URL: undefined },
  };
  const database = await startDatabase(settings, {
    say: (sentence) => said.push(sentence),
    onStarted: (pid) => pids.push(pid),
  });
  const client = await openDatabase(database.url, { poolSize: 1 });
  try {
    await client.pool.query("create table kept as select 42 as answer");
    process.kill(pids[0]!, "SIGKILL");
    await vi.waitFor(() => expect(pids).toHaveLength(2), { timeout: 60_000, interval: 100 });
    const { rows } = await client.pool.query("select answer from kept");
    expect(rows).toEqual([{ answer: 42 }]);
    expect(said).toEqual([
      "PostgreSQL ended by itself; starting it again. Nothing that was saved is lost.",
      "PostgreSQL runs again.",
    ]);
  } finally {
    await client.close();
    await database.stop();
  }
  expect(() => process.kill(pids[1]!, 0)).toThrow("ESRCH");
  expect(pids).toHaveLength(2);
}, 120_000);

test("one that does not start again is tried on, which is said once, until it does", async () => {
  const { keepServer } = await import("./keep-server.ts");
  const said: string[] = [];
  let tries = 0;
  const stopped: number[] = [];
  const serverOf = (pid: number) => ({
    pid,
    port: 1,
    stop: () => Promise.resolve(void stopped.push(pid)),
  });
  const kept = keepServer({
    server: serverOf(2 ** 30),
    startAgain: () =>
      ++tries < 3
        ? Promise.reject(new Error("No space left on device."))
        : Promise.resolve(serverOf(process.pid)),
    say: (sentence) => said.push(sentence),
    onStarted: () => undefined,
  });
  await vi.waitFor(() => expect(said.at(-1)).toBe("PostgreSQL runs again."), { timeout: 20_000 });
  await kept.stop();
  expect(stopped).toEqual([process.pid]);
  expect(said.filter((sentence) => sentence.startsWith("It does not start yet"))).toHaveLength(1);
}, 30_000);
