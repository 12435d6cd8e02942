import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { choosePort } from "./choose-port.ts";
import { holdHome } from "./hold-home.ts";

let home = "";
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), "loupe-home-"))));
afterEach(async () => rm(home, { recursive: true, force: true }));

test("a second start on the same home says where the first one runs", async () => {
  const hold = await holdHome(home);
  hold.announce("http://localhost:3000");
  await expect(holdHome(home)).rejects.toThrow(
    `Loupe already runs on ${home} at http://localhost:3000 (process ${process.pid})`,
  );
  await hold.release();
  const next = await holdHome(home);
  await next.release();
});

test("two homes do not disturb each other", async () => {
  const other = await mkdtemp(join(tmpdir(), "loupe-home-"));
  const holds = [await holdHome(home), await holdHome(other)];
  for (const hold of holds) await hold.release();
  await rm(other, { recursive: true });
});

test("a socket file that a killed process left is replaced", async () => {
  const socket = join(home, "launcher.sock");
  const script = `require("node:net").createServer().listen(${JSON.stringify(socket)}, () => console.log("up")); setInterval(() => {}, 1000)`;
  const killed = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(killed.stdout, "data");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const hold = await holdHome(home);
  await hold.release();
});

test("a home whose path is longer than a socket's may be is held too", async () => {
  const deep = join(home, "d".repeat(100), "e".repeat(100));
  await mkdir(deep, { recursive: true });
  const hold = await holdHome(deep);
  await expect(holdHome(deep)).rejects.toThrow("still starting");
  await hold.release();
});

test("a port that was asked for and is taken is refused with what to do", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(choosePort(port, "127.0.0.1")).rejects.toThrow(
    `Port ${port} is taken. Stop what uses it, or set PORT to another one.`,
  );
  taken.close();
  await once(taken, "close");
  expect(await choosePort(port, "127.0.0.1")).toEqual({ port, notice: null });
});

test("port 0 asks for any free port", async () => {
  const { port } = await choosePort(0, "127.0.0.1");
  expect(port).toBeGreaterThan(0);
});
