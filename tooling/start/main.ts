import { describeFailure } from "../process/describe-failure.ts";
import { stopRequests } from "../process/stop-requests.ts";
import { readSettings } from "./read-settings.ts";
import { startProduct } from "./start-product.ts";

process.exitCode = await main();

/**
 * Start Loupe and keep it running until a signal or the end of its web server.
 *
 * The first Ctrl-C, SIGTERM or SIGHUP stops everything in order; one more, a
 * while later, leaves at once.
 */
async function main(): Promise<number> {
  const stop = new AbortController();
  const ask = stopRequests({
    onStop: () => {
      process.stdout.write("\nStopping …\n");
      stop.abort();
    },
    onLeave: () => process.exit(1),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, ask);
  }
  try {
    const settings = readSettings(process.argv.slice(2));
    await startProduct(settings, stop.signal);
    process.stdout.write("Stopped.\n");
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      process.stdout.write("Stopped.\n");
      return 0;
    }
    process.stderr.write(`\n${describeFailure(error)}\n`);
    return 1;
  }
}
