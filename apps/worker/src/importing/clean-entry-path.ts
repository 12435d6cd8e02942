import { AppError } from "@loupe/contracts";

/** Longer paths exist in no picture collection, and Postgres indexes the path. */
const MAX_PATH_LENGTH = 1024;
/** Control characters; they forge lines in reports and logs. */
const CONTROL_CHARACTERS = /\p{Cc}/u;
const DRIVE_LETTER = /^[a-z]:/iu;

/**
 * The path of an archive entry without `.` and empty segments.
 *
 * @throws AppError IMPORT_REFUSED when the path leaves the archive or is not a plain relative path:
 * an archive that holds one is hostile or broken, so nothing of it is imported.
 */
export function cleanEntryPath(raw: string): string {
  const shown = JSON.stringify(raw.length > 120 ? `${raw.slice(0, 120)}…` : raw);
  if (raw.length > MAX_PATH_LENGTH) {
    throw refusal(`The path ${shown} is longer than ${MAX_PATH_LENGTH} characters.`);
  }
  if (CONTROL_CHARACTERS.test(raw)) {
    throw refusal(`The path ${shown} holds a control character.`);
  }
  if (raw.includes("\\")) {
    throw refusal(
      `The path ${shown} holds a backslash. Pack the folder again with a tool that writes / between folders.`,
    );
  }
  if (raw.startsWith("/") || DRIVE_LETTER.test(raw)) {
    throw refusal(`The path ${shown} is absolute. Pack the folder itself, with relative paths.`);
  }
  const segments = raw.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) {
    throw refusal(`The path ${shown} points outside the archive.`);
  }
  if (segments.length === 0) {
    throw refusal(`Expected the name of a file, got ${shown}.`);
  }
  return segments.join("/");
}

function refusal(message: string): AppError {
  return new AppError("IMPORT_REFUSED", message);
}
