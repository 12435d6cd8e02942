import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

import { prettyLines } from "./pretty-lines.ts";

const SECRETS = [
  "password",
  "*.password",
  "authorization",
  "*.authorization",
  "cookie",
  "*.cookie",
];

export type LoggerOptions = {
  /** "info" unless told. */
  readonly level?: string;
  /** Lines for people instead of JSON. */
  readonly isPretty?: boolean;
  /** Standard output unless told. */
  readonly destination?: DestinationStream;
};

/** A logger that writes one JSON object a line, with the name of its process. Secrets by name are left out. */
export function createLogger(name: string, options: LoggerOptions = {}): Logger {
  const settings = {
    name,
    level: options.level ?? "info",
    redact: { paths: SECRETS, censor: "(left out)" },
  };
  const destination = options.destination ?? process.stdout;
  return pino(settings, options.isPretty === true ? prettyLines(destination) : destination);
}
