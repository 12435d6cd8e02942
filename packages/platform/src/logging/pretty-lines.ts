import type { DestinationStream } from "pino";

const LEVELS: Record<number, string> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};

/** Turns the logger's JSON into lines for people: time, level, process, message, the rest as key=value. */
export function prettyLines(destination: DestinationStream): DestinationStream {
  return {
    write(text) {
      for (const line of text.split("\n")) {
        if (line !== "") destination.write(`${prettyLine(line)}\n`);
      }
    },
  };
}

function prettyLine(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { level, time, name, msg, err, ...rest } = entry;
  delete rest["pid"];
  delete rest["hostname"];
  const clock = new Date(Number(time)).toISOString().slice(11, 23);
  const word = LEVELS[Number(level)] ?? String(level);
  const details = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const head = [clock, word.padEnd(5), `${String(name)}:`, msg, ...details].join(" ");
  const stack = typeof err === "object" && err !== null && "stack" in err ? err.stack : null;
  return typeof stack === "string" ? `${head}\n${stack}` : head;
}
