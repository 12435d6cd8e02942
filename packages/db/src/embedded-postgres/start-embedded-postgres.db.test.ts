import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { Client } from "pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type EmbeddedPostgres, startEmbeddedPostgres } from "./start-embedded-postgres.ts";
import { stopLeftBehind } from "./stop-left-behind.ts";

let folder: string;
let servers: EmbeddedPostgres[];

beforeEach(async () => {
  servers = [];
  folder = await mkdtemp(join(tmpdir(), "loupe-server-"));
  // mkdtemp closes the folder to others, and as root the server is someone else.
  await chmod(folder, 0o711);
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  for (const server of servers) {
    await rm(server.dataDir, { recursive: true, force: true });
    // Data that was placed elsewhere had a folder of its own; the test's own is removed below.
    if (!server.dataDir.startsWith(folder)) await rmdir(dirname(server.dataDir)).catch(() => null);
  }
  await rm(folder, { recursive: true, force: true });
});

async function start(
  options: { port?: number; isDurable?: boolean; dataDir?: string } = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    isDurable: false,
    ...options,
  });
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a second start finds everything as it was, on a free port when its own is taken", async () => {
  const first = await start();
  await query(first.url, "create table kept as select 42 as answer");
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);

  const blocker = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => blocker.once("listening", resolve));
  const address = blocker.address();
  const taken = typeof address === "object" && address !== null ? address.port : 0;
  const second = await start({ port: taken });
  expect(second.port).not.toBe(taken);
  expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  blocker.close();
});

test("after kill -9 the lock file is in nobody's way, also when its number belongs to another process", async () => {
  const first = await start({ isDurable: true });
  await query(first.url, "create table kept as select 42 as answer");
  process.kill(first.pid, "SIGKILL");
  // A process that waits for a busy disk dies only when the disk has answered.
  await vi.waitFor(() => expect(isAlive(first.pid)).toBe(false), { timeout: 60_000 });
  const lock = join(first.dataDir, "postmaster.pid");
  const lines = (await readFile(lock, "utf8")).split("\n");
  await writeFile(lock, [String(process.pid), ...lines.slice(1)].join("\n"));
  const second = await start({ isDurable: true });
  // Where the clone is closed to others, both say that the binaries were copied.
  expect(second.notices).toEqual(first.notices);
  expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
}, 120_000);

test("a database in use is refused to a second owner; one that was left running is taken over", async () => {
  const first = await start();
  await expect(start()).rejects.toThrow(/Another Loupe runs on the database/);
  // What kill -9 does to the launcher: its connections end, the server goes on.
  await query(
    first.url,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'loupe-owner'",
  );
  const second = await start();
  expect(second.pid).toBe(first.pid);
  expect(second.notices.join(" ")).toContain("Took over");
  await second.stop();
  expect(isAlive(first.pid)).toBe(false);
});

test("a folder with other files is no database and is left alone", async () => {
  await mkdir(join(folder, "postgres"));
  await writeFile(join(folder, "postgres", "thesis.txt"), "precious");
  await expect(start()).rejects.toThrow(/found 1 other files/);
  expect(await readFile(join(folder, "postgres", "thesis.txt"), "utf8")).toBe("precious");
});

test("the database answers to its password alone", async () => {
  const server = await start();
  const wrong = new URL(server.url);
  wrong.password = "guess";
  await expect(query(wrong.href, "select 1")).rejects.toThrow(/password authentication failed/);
  const { mode } = await stat(server.dataDir);
  expect(mode & 0o077).toBe(0);
});

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)(
  "as root, a closed folder lets the server's account pass and nobody else",
  async () => {
    await chmod(folder, 0o700);
    const server = await start();
    expect(server.dataDir).toBe(join(folder, "postgres"));
    const [around, data] = [await stat(folder), await stat(server.dataDir)];
    expect([around.mode & 0o777, around.uid, around.gid]).toEqual([0o710, 0, data.gid]);
    await server.stop();
    // As a start of Loupe does with a home of an earlier version.
    await chmod(folder, 0o700);
    const again = await start();
    expect(await query(again.url, "select 1 as one")).toEqual([{ one: 1 }]);
  },
);

test.skipIf(!isRoot)(
  "as root, a folder that is closed further up leads to a data directory elsewhere, which is found again",
  async () => {
    await chmod(folder, 0o700);
    const dataDir = join(folder, "home", "postgres");
    const first = await start({ dataDir });
    expect(first.dataDir.startsWith(folder)).toBe(false);
    expect(first.notices.join(" ")).toContain(first.dataDir);
    await query(first.url, "create table kept as select 42 as answer");
    await first.stop();
    const second = await start({ dataDir });
    expect(second.dataDir).toBe(first.dataDir);
    expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
    await second.stop();
    await rm(second.dataDir, { recursive: true });
    await expect(start({ dataDir })).rejects.toThrow(/it is not there. Bring it back/);
  },
);

test("files for the log of changes stand ready, so that a full disk does not end the server at once", async () => {
  const server = await start({ isDurable: true });
  const files = "select count(*)::int as files from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'";
  const [row] = await query(server.url, files);
  expect(Number(row?.["files"])).toBeGreaterThanOrEqual(5);
}, 60_000);

test("a server that was left running can be stopped by a start that cannot go on", async () => {
  const server = await start();
  expect(await stopLeftBehind(join(folder, "postgres"))).toBe(true);
  expect(isAlive(server.pid)).toBe(false);
  expect(await stopLeftBehind(join(folder, "postgres"))).toBe(false);
});

test("a database that cannot be made is told in a sentence, and leaves nothing", async () => {
  const dataDir = join(folder, "made\nof two lines", "postgres");
  await expect(start({ dataDir })).rejects.toMatchObject({
    name: "ServerFailure",
    message: expect.stringContaining("could not be made") as unknown,
  });
  expect(await readdir(dirname(dataDir))).toEqual([]);
});
