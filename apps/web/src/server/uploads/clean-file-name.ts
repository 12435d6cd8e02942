import { basename } from "node:path/posix";

const MAX_LENGTH = 200;

/** The last part of a name that a browser sent, without control characters, for showing only. */
export function cleanFileName(sent: string, fallback: string): string {
  const name = basename(sent.replaceAll("\\", "/"))
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim()
    .slice(0, MAX_LENGTH);
  return name === "" || name === "." || name === ".." ? fallback : name;
}
