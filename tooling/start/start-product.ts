import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { ExpectedFailure } from "../process/expected-failure.ts";
import { runCommand } from "../process/run-command.ts";
import { spawnProcess, type SpawnedProcess } from "../process/spawn-process.ts";
import { supervise } from "../process/supervise.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";
import { buildWeb } from "./build-web.ts";
import { choosePort } from "./choose-port.ts";
import { holdHome } from "./hold-home.ts";
import { ProcessList } from "./process-list.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { readOrMakeSecret } from "./read-or-make-secret.ts";
import type { Settings } from "./read-settings.ts";
import { startDatabase } from "./start-database.ts";
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
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Start everything and wait until the web server or the signal ends it. */
async function runAll(
  settings: Settings,
  signal: AbortSignal,
  onStop: (stop: () => Promise<void>) => void,
): Promise<void> {
  const { home, isDevelopment } = settings;
  const logs = join(home, "logs");
  await mkdir(logs, { recursive: true });
  const hold = await holdHome(home);
  onStop(() => hold.release());

  const host = settings.environment.HOST ?? DEFAULT_HOST;
  const { port, notice } = await choosePort(settings.environment.PORT, host);
  if (notice !== null) say(notice);
  // Both take seconds and neither needs the other.
  const generated = generateClient();
  generated.catch(() => undefined);
  const database = await startDatabase(settings);
  onStop(() => database.stop());
  for (const line of database.notices) say(line);
  await generated;
  signal.throwIfAborted();

  const address = settings.environment.BASE_URL ?? `http://localhost:${port}`;
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

  const pids = new ProcessList(join(home, "processes.json"), address);
  const worker = startWorker(settings, variables, pids);
  onStop(() => worker.stop());
  const web = startWeb(settings, variables);
  onStop(() => web.stop(WEB_STOP_LIMIT_MS));
  pids.set("web", web.pid);

  const webEnded = web.ended.then(({ describe }) => {
    if (signal.aborted) return;
    throw new ExpectedFailure(
      `The web server ended (${describe}), so Loupe stops.\n${web.lastLines(20)}\nThe whole log is ${join(logs, "web.log")}.`,
    );
  });
  const databaseLost = database.lost.then(() => {
    throw new ExpectedFailure(
      "PostgreSQL ended by itself, so Loupe stops. Start it again: nothing that was saved is lost.",
    );
  });
  const ended = Promise.race([webEnded, databaseLost, aborted(signal)]);
  await Promise.race([waitForHealth(`http://${reachableHost(host)}:${port}`, signal), ended]);
  signal.throwIfAborted();
  hold.announce(address);
  say(`\nLoupe runs at ${address}\n`);
  if (signIns !== "") say(signIns);
  say(`Data is in ${relative(process.cwd(), home) || home}. Stop with Ctrl-C.`);
  await ended;
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

function startWeb({ home, isDevelopment }: Settings, variables: Variables): SpawnedProcess {
  return spawnProcess({
    name: "web",
    command: process.execPath,
    args: [...nodeArguments(), "server.ts", ...(isDevelopment ? ["--dev"] : [])],
    cwd: join(REPOSITORY_ROOT, "apps/web"),
    env: variables,
    logFile: join(home, "logs/web.log"),
    isShown: isDevelopment,
  });
}

function startWorker(
  { home, isDevelopment }: Settings,
  variables: Variables,
  pids: ProcessList,
): { stop(): Promise<void> } {
  const supervisor = supervise({
    start: () =>
      spawnProcess({
        name: "worker",
        command: process.execPath,
        args: [...nodeArguments(), "src/main.ts"],
        cwd: join(REPOSITORY_ROOT, "apps/worker"),
        env: variables,
        logFile: join(home, "logs/worker.log"),
        isShown: isDevelopment,
      }),
    onStarted: (pid) => pids.set("worker", pid),
    onRestart: (ending, pauseMs) =>
      say(
        `The worker ended (${ending}); starting it again in ${pauseMs / 1000} s. Its log is ${join(home, "logs/worker.log")}.`,
      ),
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

/** Run TypeScript, and stop when the launcher is gone. */
function nodeArguments(): string[] {
  const preload = new URL("../process/exit-with-parent.ts", import.meta.url);
  return [
    "--import",
    import.meta.resolve("tsx"),
    "--import",
    pathToFileURL(fileURLToPath(preload)).href,
  ];
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
