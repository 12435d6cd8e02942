import { findStorageFault } from "@loupe/contracts";

import { ExpectedFailure } from "../process/expected-failure.ts";

/** A failure of the disk as the one sentence that a person needs; any other failure as it is. */
export function explainStorage(error: unknown, home: string): unknown {
  // Of ours only those that pass on what somebody else said may have such a reason.
  const reason = error instanceof ExpectedFailure ? error.cause : error;
  switch (findStorageFault(reason)) {
    case "full":
      return new ExpectedFailure(
        `The disk of ${home} is full. Make room there, or set LOUPE_HOME to a folder on another disk.`,
      );
    case "quota":
      return new ExpectedFailure(
        `The disk quota for ${home} is used up. Make room there, have the quota raised, or set ` +
          "LOUPE_HOME to another folder.",
      );
    case "read-only":
      return new ExpectedFailure(
        `The disk of ${home} can only be read. Make it writable, or set LOUPE_HOME to another folder.`,
      );
    case null:
      return isRefused(reason, home)
        ? new ExpectedFailure(
            `Loupe may not write in ${home}, which another account owns or has closed. Start it as ` +
              "that account, or set LOUPE_HOME to another folder.",
          )
        : error;
  }
}

function isRefused(error: unknown, home: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, path } = error as NodeJS.ErrnoException;
  return (code === "EACCES" || code === "EPERM") && (path ?? error.message).includes(home);
}
