import { access, mkdir } from "node:fs/promises";
import { join, relative } from "node:path";

import { ExpectedFailure } from "../process/expected-failure.ts";
import { runCommand } from "../process/run-command.ts";
import { spawnProcess, type SpawnedProcess } from "../process/spawn-process.ts";
import { supervise, type Supervisor } from "../process/supervise.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";
import { buildWeb } from "./build-web.ts";
import { choosePort } from "./choose-port.ts";
import { explainStorage } from "./explain-storage.ts";
import { holdHome } from "./hold-home.ts";
import { ProcessList } from "./process-list.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { prepareHome, requireRoom } from "./prepare-home.ts";
import { readOrMakeSecret } from "./read-or-make-secret.ts";
import type { Settings } from "./read-settings.ts";
import { startDatabase } from "./start-database.ts";
import { stopAll } from "./stop-all.ts";
import { waitForHealth } from "./wait-for-health.ts";
import { watchSources } from "./watch-sources.ts";

type Variables = Readonly<Record<string, string>>;

const WEB_STOP_LIMIT_MS = 10_000;
/** The demo's passwords are known to everyone, so nobody else's machine may reach it by default. */
const DEFAULT_HOST = "127.0.0.1";

/**
 * Start the whole product and return once a signal has stopped it.
 *
 * What was started last is stopped first: web, worker, database. Throws an
 * ExpectedFailure that says what to do, after everything has been stopped.
 */
export async function startProduct(settings: Settings, signal: AbortSignal): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  try {
    await runAll(settings, signal, (stop) => stops.push(stop));
  } catch (error) {
    throw explainStorage(error, settings.home);
  } finally {
    await stopAll(stops.reverse(), say);
  }
}

/** Start everything and wait until the web server gives up or the signal ends it. */
async function runAll(
  settings: Settings,
  signal: AbortSignal,
  onStop: (stop: () => Promise<void>) => void,
): Promise<void> {
  const { home, isDevelopment } = settings;
  const logs = join(home, "logs");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const hold = await holdHome(home);
  onStop(() => hold.release());
  await openHome(settings, onStop);

  const host = settings.environment.HOST ?? DEFAULT_HOST;
  const { port, notice } = await choosePort(settings.environment.PORT, host);
  if (notice !== null) say(notice);
  const address = settings.environment.BASE_URL ?? `http://localhost:${port}`;
  const pids = new ProcessList(join(home, "processes.json"), address);
  // Both take seconds and neither needs the other.
  const generated = generateClient();
  generated.catch(() => undefined);
  const database = await startDatabase(settings, {
    say,
    onStarted: (pid) => pids.set("database", pid),
  });
  onStop(() => database.stop());
  for (const line of database.notices) say(line);
  await generated;
  signal.throwIfAborted();

  const variables = {
    DATABASE_URL: database.url,
    LOUPE_HOME: home,
    HOST: host,
    PORT: String(port),
    AUTH_SECRET: settings.environment.AUTH_SECRET ?? (await readOrMakeSecret(home)),
    BASE_URL: address,
    NODE_ENV: isDevelopment ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const signIns = await prepareDatabase(database.url, settings.environment.LOUPE_DEMO);
  signal.throwIfAborted();
  if (!isDevelopment) await buildAndSay(variables, join(logs, "web-build.log"), signal);

  const worker = startWorker(settings, variables, pids);
  onStop(() => worker.stop());
  let hasComeUp = false;
  const web = startWeb(settings, variables, { pids, mayRestart: () => hasComeUp });
  onStop(() => web.stop(WEB_STOP_LIMIT_MS));

  const webGaveUp = web.gaveUp.then(({ describe, lastLines }) => {
    if (signal.aborted) return;
    throw new ExpectedFailure(
      `The web server ended (${describe}), so Loupe stops.\n${lastLines}\nThe whole log is ${join(logs, "web.log")}.`,
    );
  });
  const ended = Promise.race([webGaveUp, aborted(signal)]);
  await Promise.race([waitForHealth(`http://${reachableHost(host)}:${port}`, signal), ended]);
  signal.throwIfAborted();
  hasComeUp = true;
  hold.announce(address);
  say(`\nLoupe runs at ${address}\n`);
  if (signIns !== "") say(signIns);
  say(`Data is in ${relative(process.cwd(), home) || home}. Stop with Ctrl-C.`);
  await ended;
}

/** Make the home usable and watch its disk; a start that cannot go on leaves no database behind. */
async function openHome(
  { home, environment }: Settings,
  onStop: (stop: () => Promise<void>) => void,
): Promise<void> {
  const { StorageWatch, warnOfLowStorage } = await import("@loupe/platform");
  const watch = new StorageWatch(home);
  try {
    await prepareHome(home);
    const state = await watch.look();
    const hasDatabase = environment.DATABASE_URL !== undefined || (await holdsDatabase(home));
    if (state !== null) requireRoom(state.folder, { hasDatabase, freeBytes: state.freeBytes });
  } catch (error) {
    const { stopLeftBehind } = await import("@loupe/db/embedded-postgres");
    if (await stopLeftBehind(join(home, "postgres"))) {
      say("Stopped the PostgreSQL that an earlier start left running.");
    }
    throw error;
  }
  const watching = warnOfLowStorage(watch, { onLow: say, onWell: say });
  onStop(() => Promise.resolve(watching.stop()));
}

async function holdsDatabase(home: string): Promise<boolean> {
  const signs = ["postgres.location", "postgres/PG_VERSION"].map((name) => join(home, name));
  const found = await Promise.all(
    signs.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** A host that was told to listen everywhere answers here too. */
function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** The Prisma client is made from the schema; quick when it is up to date. */
async function generateClient(): Promise<void> {
  const { exitCode } = await runCommand("npm", ["run", "--silent", "generate"]);
  if (exitCode !== 0) throw new ExpectedFailure("The database client could not be generated.");
}

async function buildAndSay(
  variables: Variables,
  logFile: string,
  signal: AbortSignal,
): Promise<void> {
  const slow = setTimeout(() => say("Web app: building it once, about a minute …"), 1_000);
  try {
    const built = await timed(buildWeb({ env: variables, logFile, signal }));
    say(
      built.value ? `Web app: built in ${built.seconds} s.` : "Web app: the last build is current.",
    );
  } finally {
    clearTimeout(slow);
  }
}

type WebLife = { readonly pids: ProcessList; readonly mayRestart: () => boolean };

function startWeb(
  settings: Settings,
  variables: Variables,
  { pids, mayRestart }: WebLife,
): Supervisor {
  const { home, isDevelopment } = settings;
  const args = ["server.ts", ...(isDevelopment ? ["--dev"] : [])];
  return supervise({
    start: () => spawnPart({ name: "web", folder: "apps/web", args }, settings, variables),
    onStarted: (pid) => pids.set("web", pid),
    onRestart: sayRestart("The web server", join(home, "logs/web.log")),
    mayRestart,
  });
}

function startWorker(
  settings: Settings,
  variables: Variables,
  pids: ProcessList,
): { stop(): Promise<void> } {
  const { home, isDevelopment } = settings;
  const args = ["src/main.ts"];
  const supervisor = supervise({
    start: () => spawnPart({ name: "worker", folder: "apps/worker", args }, settings, variables),
    onStarted: (pid) => pids.set("worker", pid),
    onRestart: sayRestart("The worker", join(home, "logs/worker.log")),
  });
  if (!isDevelopment) return supervisor;
  const watcher = watchSources(["apps/worker/src", "packages"], () => {
    say("The worker's sources changed; starting it again.");
    void supervisor.restart();
  });
  return {
    stop: async () => {
      watcher.close();
      await supervisor.stop();
    },
  };
}

type Part = { readonly name: string; readonly folder: string; readonly args: readonly string[] };

function spawnPart(
  { name, folder, args }: Part,
  { home, isDevelopment }: Settings,
  env: Variables,
): SpawnedProcess {
  return spawnProcess({
    name,
    command: process.execPath,
    args: [...nodeArguments(), ...args],
    cwd: join(REPOSITORY_ROOT, folder),
    env,
    logFile: join(home, "logs", `${name}.log`),
    isShown: isDevelopment,
  });
}

function sayRestart(who: string, log: string): (ending: string, pauseMs: number) => void {
  return (ending, pauseMs) =>
    say(`${who} ended (${ending}); starting it again in ${pauseMs / 1000} s. Its log is ${log}.`);
}

/** Run TypeScript, and stop when the launcher is gone. */
function nodeArguments(): string[] {
  const preload = new URL("../process/exit-with-parent.ts", import.meta.url).href;
  return ["--import", import.meta.resolve("tsx"), "--import", preload];
}

async function timed<T>(work: Promise<T>): Promise<{ value: T; seconds: string }> {
  const start = performance.now();
  const value = await work;
  return { value, seconds: ((performance.now() - start) / 1000).toFixed(1) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
