import { isMainThread } from "node:worker_threads";

/**
 * @file Preloaded into the processes that the launcher starts.
 *
 * When the launcher is killed without a chance to stop them, its end of the
 * IPC channel closes, and they stop as if it had asked them to.
 */
if (isMainThread && process.channel !== undefined) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
  // The launcher reads their output. With it gone every line fails, and a failure that is itself
  // reported as a line would keep the process busy for ever.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
