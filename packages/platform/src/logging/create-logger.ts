import { pino } from "pino";
import type { DestinationStream, Logger } from "pino";

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
  return pino(settings, options.destination ?? process.stdout);
}
