import { AppError } from "@loupe/contracts";

/** What file systems take as one name, and as much of a path as leaves room for our own folders. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 2_000;
/** As much of a path as a sentence shows. */
const MAX_SHOWN = 80;

/** Windows opens a device under these names, with any ending, and drops what follows a name's end. */
const WINDOWS_ODDITIES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$|[<>:"|?*]|[. ]$/i;

/**
 * The parts of a dropped file's path. Throws BAD_INPUT for a path that leaves
 * the folder, or that this system cannot hold as it is.
 */
export function checkUploadPath(path: string, platform: string = process.platform): string[] {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw badPath(path, `a path of at most ${MAX_PATH_BYTES} bytes`);
  }
  const names = path.split("/");
  for (const name of names) {
    if (name === "" || name === "." || name === ".." || /[\\\p{Cc}]/u.test(name)) {
      throw badPath(path, "a path inside the dropped folder");
    }
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
      throw badPath(path, `names of at most ${MAX_NAME_BYTES} bytes`);
    }
    if (platform === "win32" && WINDOWS_ODDITIES.test(name)) {
      throw badPath(path, "names that Windows can hold");
    }
  }
  return names;
}

export function badPath(path: string, expected: string): AppError {
  const shown = path.length > MAX_SHOWN ? `${path.slice(0, MAX_SHOWN)}…` : path;
  return new AppError(
    "BAD_INPUT",
    `Expected ${expected}, got ${JSON.stringify(shown)}. Rename it, or drop the folder itself.`,
    { path: shown },
  );
}
