import { describeFailure } from "../process/describe-failure.ts";
import { stopRequests } from "../process/stop-requests.ts";
import { refuseOldNode } from "./refuse-old-node.ts";
import { readSettings } from "./read-settings.ts";
import { startProduct } from "./start-product.ts";

/** Whoever reads what we print may be gone, or their disk full: that ends nothing. */
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

process.exitCode = await main();

/**
 * Start Loupe and keep it running until a signal.
 *
 * The first Ctrl-C, SIGTERM or SIGHUP stops everything in order, as does a fault
 * of our own; one more signal, a while later, leaves at once.
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
  let fault: unknown = null;
  const stopForFault = (error: unknown): void => {
    fault ??= error;
    stop.abort();
  };
  // Without this Node would end us at once and leave the database running.
  process.on("uncaughtException", stopForFault);
  process.on("unhandledRejection", stopForFault);
  try {
    refuseOldNode(process.versions.node);
    const settings = readSettings(process.argv.slice(2));
    await startProduct(settings, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) fault ??= error;
  }
  if (fault !== null) {
    process.stderr.write(`\n${describeFailure(fault)}\n`);
    return 1;
  }
  process.stdout.write("Stopped.\n");
  return 0;
}
