import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { spawnProcess } from "./spawn-process.ts";
import { supervise } from "./supervise.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "loupe-supervise-"))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

function run(script: string) {
  return spawnProcess({
    name: "child",
    command: process.execPath,
    args: ["-e", script],
    cwd: folder,
    env: {},
    logFile: join(folder, "child.log"),
  });
}

/** Ends what hangs; what is awaited takes milliseconds, on a busy machine seconds. */
const SOON_MS = 30_000;

const RUNS_UNTIL_ASKED = "setInterval(() => {}, 1000); console.log('up')";

test("tells how a process ended and keeps what it said", async () => {
  const child = run("console.log('first'); console.error('second'); process.exit(3)");
  expect(await child.ended).toEqual({ isClean: false, describe: "exit code 3" });
  expect(child.lastLines(2).split("\n").sort()).toEqual(["first", "second"]);
  expect(await readFile(join(folder, "child.log"), "utf8")).toContain("second");
});

test("a command that does not exist is an ending, not a crash of ours", async () => {
  const child = spawnProcess({
    name: "child",
    command: join(folder, "no-such-program"),
    args: [],
    cwd: folder,
    env: {},
    logFile: join(folder, "child.log"),
  });
  expect((await child.ended).describe).toContain("ENOENT");
});

test("kills a process that does not stop when asked", async () => {
  const child = run(
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')",
  );
  await vi.waitFor(() => expect(child.lastLines(1)).toBe("up"), SOON_MS);
  await child.stop(100);
  expect((await child.ended).describe).toBe("signal SIGKILL");
});

test("starts a killed process again, and stops it for good when asked", async () => {
  const pids: number[] = [];
  const endings: string[] = [];
  const supervisor = supervise({
    start: () => run(RUNS_UNTIL_ASKED),
    onStarted: (pid) => pids.push(pid ?? 0),
    onRestart: (ending) => endings.push(ending),
  });
  process.kill(pids[0]!, "SIGKILL");
  await vi.waitFor(() => expect(pids).toHaveLength(2), SOON_MS);
  expect(endings).toEqual(["signal SIGKILL"]);
  await supervisor.stop();
  expect(() => process.kill(pids[1]!, 0)).toThrow("ESRCH");
  expect(pids).toHaveLength(2);
});

test("a wanted restart neither waits nor counts as a failure", async () => {
  const pids: number[] = [];
  const onRestart = vi.fn();
  const supervisor = supervise({
    start: () => run(RUNS_UNTIL_ASKED),
    onStarted: (pid) => pids.push(pid ?? 0),
    onRestart,
  });
  await supervisor.restart();
  await vi.waitFor(() => expect(pids).toHaveLength(2), SOON_MS);
  await supervisor.stop();
  expect(onRestart).not.toHaveBeenCalled();
});

test("a process that never came up is not started again, and what it said is kept", async () => {
  let hasComeUp = false;
  const pids: number[] = [];
  const onRestart = vi.fn();
  const options = {
    onStarted: (pid: number | undefined) => pids.push(pid ?? 0),
    onRestart,
    mayRestart: () => hasComeUp,
  };
  const broken = supervise({
    start: () => run("console.log('no port'); process.exit(1)"),
    ...options,
  });
  expect(await broken.gaveUp).toEqual({ describe: "exit code 1", lastLines: "no port" });
  expect(onRestart).not.toHaveBeenCalled();
  await broken.stop();

  hasComeUp = true;
  pids.length = 0;
  const well = supervise({ start: () => run(RUNS_UNTIL_ASKED), ...options });
  process.kill(pids[0]!, "SIGKILL");
  await vi.waitFor(() => expect(pids).toHaveLength(2), 5_000);
  await well.stop();
});

test("a process stops when the one that started it is killed", async () => {
  const preload = new URL("./exit-with-parent.ts", import.meta.url).href;
  const child = `require("node:child_process").spawn(process.execPath, ["--import", ${JSON.stringify(
    import.meta.resolve("tsx"),
  )}, "--import", ${JSON.stringify(preload)}, "-e", "setInterval(() => {}, 1000); console.log(process.pid)"], { stdio: ["ignore", "inherit", "inherit", "ipc"], detached: true }); setInterval(() => {}, 1000)`;
  const parent = run(child);
  await vi.waitFor(() => expect(parent.lastLines(1)).toMatch(/^\d+$/), SOON_MS);
  const pid = Number(parent.lastLines(1));
  process.kill(parent.pid!, "SIGKILL");
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), SOON_MS);
});
