/** @file A worker whose imports throw where nobody catches it, in a process of its own. */
import pg from "pg";

import { catchStrayErrors, createLogger, runWorker } from "../src/index.ts";

const logger = createLogger("stray");
const pool = new pg.Pool({ connectionString: process.argv[2] });
const nothing = () => Promise.resolve();

const worker = await runWorker({
  pool,
  concurrency: 4,
  providers: () => ["cpu"],
  logger,
  handlers: {
    "dataset.import": () => {
      setTimeout(() => {
        throw new Error("from a callback");
      }, 10);
      return new Promise(() => undefined);
    },
    "inspection.score": (_payload, { signal }) => {
      void Promise.reject(new Error("of a promise that nobody awaits"));
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      });
    },
    "run.train": () => new Promise((resolve) => setTimeout(resolve, 1_000)),
    "model.rescore": nothing,
    "dataset.freeze": nothing,
    "encoder.pull": nothing,
    "demo.seed": (_payload, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
      }),
  },
});
catchStrayErrors({
  logger,
  onNobodys: () => {
    process.exitCode = 3;
    void worker.stop({ isFault: true }).then(() => pool.end());
  },
});
process.on("SIGUSR2", () => {
  throw new Error("of nobody");
});
