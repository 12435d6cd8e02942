import { basename } from "node:path/posix";

const MAX_LENGTH = 200;

/** The last part of a name that a browser sent, without control characters, for showing only. */
export function cleanFileName(sent: string, fallback: string): string {
  const name = basename(sent.replaceAll("\\", "/"))
    // eslint-disable-next-line no-control-regex -- control characters are what is removed here
    .replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "")
    .trim()
    .slice(0, MAX_LENGTH);
  return name === "" || name === "." || name === ".." ? fallback : name;
}
