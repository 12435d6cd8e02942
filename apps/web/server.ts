import { createLogger, runLifecycle } from "@loupe/platform";

import { readWebEnv } from "./src/env.ts";
import { listWebParts } from "./src/server/list-web-parts.ts";

/**
 * @file The web process: `tsx server.ts`, or `tsx server.ts --dev` with hot reload.
 *
 * Stops on SIGINT and SIGTERM after answering what is under way; a start that
 * fails says why in one sentence and exits with 1.
 */
// What is stored is this account's alone.
process.umask(0o077);

try {
  const env = readWebEnv();
  const isDevelopment = process.argv.includes("--dev");
  const logger = createLogger("web", { level: env.logLevel });
  const services = listWebParts({ env, logger, isDevelopment, folder: import.meta.dirname });
  const { stopped } = await runLifecycle({ services, logger });
  process.exit((await stopped) ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // Next may have started threads that would keep a process without a server alive.
  process.exit(1);
}
