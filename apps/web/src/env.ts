import { resolve } from "node:path";

import { createEnv } from "@t3-oss/env-core";
import { z } from "zod";

const Port = z.coerce.number().int().min(0).max(65_535);

/** The web process's environment, checked once at its start. */
export type WebEnv = {
  readonly databaseUrl: string;
  readonly home: string;
  readonly host: string;
  readonly port: number;
  readonly authSecret: string;
  /** Address under which people open the site. */
  readonly baseUrl: string;
  /** Further origins whose pages may use this server, such as a second host name. */
  readonly extraOrigins: readonly string[];
  readonly logLevel: string;
  /** How many proxies in front of this server add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  readonly signInsPerMinute: number;
};

/** Read the environment. Throws a sentence for everything that is missing or wrong. */
export function readWebEnv(
  runtimeEnv: Readonly<Record<string, string | undefined>> = process.env,
): WebEnv {
  const env = createEnv({
    server: {
      DATABASE_URL: z.url({
        protocol: /^postgres(ql)?$/,
        error: "Expected a postgres:// address. `npm start` sets it.",
      }),
      LOUPE_HOME: z.string().min(1, "Expected a folder. `npm start` sets it."),
      HOST: z.string().min(1).default("127.0.0.1"),
      PORT: Port.default(3000),
      AUTH_SECRET: z.string().min(32, "Expected at least 32 characters. `npm start` makes one."),
      BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
      LOUPE_TRUSTED_ORIGINS: z.string().default(""),
      LOUPE_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
      LOUPE_SIGN_INS_PER_MINUTE: z.coerce.number().int().min(1).default(20),
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
    host: env.HOST,
    port: env.PORT,
    authSecret: env.AUTH_SECRET,
    baseUrl: env.BASE_URL ?? `http://localhost:${env.PORT}`,
    extraOrigins: env.LOUPE_TRUSTED_ORIGINS.split(",")
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ""),
    logLevel: env.LOG_LEVEL,
    trustedProxies: env.LOUPE_TRUSTED_PROXIES,
    signInsPerMinute: env.LOUPE_SIGN_INS_PER_MINUTE,
  };
}
