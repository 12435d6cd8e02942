import { hostname } from "node:os";
import { resolve } from "node:path";

import { ComputeProvider } from "@loupe/contracts";
import { createEnv } from "@t3-oss/env-core";
import { z } from "zod";

/** The worker process's environment, checked once at its start. */
export type WorkerEnv = {
  readonly databaseUrl: string;
  readonly home: string;
  /** What people call this worker. */
  readonly name: string;
  /** What may be used to compute; null for everything that works. */
  readonly providers: readonly ComputeProvider[] | null;
  readonly jobsAtOnce: number;
  readonly logLevel: string;
};

/** Read the environment. Throws a sentence for everything that is missing or wrong. */
export function readWorkerEnv(runtimeEnv: NodeJS.ProcessEnv = process.env): WorkerEnv {
  const env = createEnv({
    server: {
      DATABASE_URL: z.url({
        protocol: /^postgres(ql)?$/,
        error: "Expected a postgres:// address. `npm start` sets it.",
      }),
      LOUPE_HOME: z.string().min(1, "Expected a folder. `npm start` sets it."),
      LOUPE_WORKER_NAME: z.string().trim().min(1).max(60).default(hostname()),
      // A restriction: what is left is tried, and what works is offered.
      LOUPE_PROVIDERS: z
        .string()
        .transform((list) => list.split(",").map((item) => item.trim()))
        .pipe(z.array(ComputeProvider).min(1))
        .optional(),
      LOUPE_JOBS_AT_ONCE: z.coerce.number().int().min(1).max(64).default(4),
      LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
    },
    runtimeEnv,
    emptyStringAsUndefined: true,
    onValidationError: (issues) => {
      const sentences = issues.map(
        (issue) => `${issue.path?.map(String).join(".") ?? "environment"}: ${issue.message}`,
      );
      throw new Error(`The environment is not as expected. ${sentences.join(" ")}`);
    },
  });
  return {
    databaseUrl: env.DATABASE_URL,
    home: resolve(env.LOUPE_HOME),
    name: env.LOUPE_WORKER_NAME,
    providers: env.LOUPE_PROVIDERS ?? null,
    jobsAtOnce: env.LOUPE_JOBS_AT_ONCE,
    logLevel: env.LOG_LEVEL,
  };
}
