import { AppError } from "./errors.ts";

/** Why nothing more can be written. */
export type StorageFault = "full" | "quota" | "read-only";

type Sign = {
  readonly fault: StorageFault;
  readonly codes: readonly string[];
  readonly text: RegExp;
};

/** The system's codes, PostgreSQL's SQLSTATE, and the words of both, which others pass on in their messages. */
const SIGNS: readonly Sign[] = [
  { fault: "full", codes: ["ENOSPC", "53100"], text: /ENOSPC|No space left on device/i },
  { fault: "quota", codes: ["EDQUOT"], text: /EDQUOT|Disk quota exceeded/i },
  { fault: "read-only", codes: ["EROFS"], text: /EROFS|Read-only file system/i },
];

const SENTENCES: Readonly<Record<StorageFault, string>> = {
  full: "There is no room left on Loupe's disk, so nothing was saved. Free some space there and try again; looking still works.",
  quota:
    "The disk quota of Loupe's account is used up, so nothing was saved. Free some space or raise the quota, then try again; looking still works.",
  "read-only":
    "Loupe's disk can only be read at the moment, so nothing was saved. Make it writable and try again; looking still works.",
};

/** How far a failure's causes are followed: one that causes itself must not hold us up. */
const DEEPEST_CAUSE = 8;

/** What is wrong with the disk when that is why something failed, else null. */
export function findStorageFault(error: unknown, depth = 0): StorageFault | null {
  if (depth > DEEPEST_CAUSE || typeof error !== "object" || error === null) return null;
  const { code, message, cause, meta } = error as Readonly<Record<string, unknown>>;
  const sign = SIGNS.find(
    ({ codes, text }) =>
      (typeof code === "string" && codes.includes(code)) ||
      (typeof message === "string" && text.test(message)),
  );
  if (sign !== undefined) return sign.fault;
  return findStorageFault(cause, depth + 1) ?? findStorageFault(driverErrorOf(meta), depth + 1);
}

/** The expected failure that a person is told of when the disk is why something failed, else null. */
export function storageFailure(error: unknown): AppError | null {
  const fault = findStorageFault(error);
  return fault === null ? null : new AppError("STORAGE_FULL", SENTENCES[fault], { fault });
}

/** Prisma keeps what the database said beside its own words. */
function driverErrorOf(meta: unknown): unknown {
  return typeof meta === "object" && meta !== null && "driverAdapterError" in meta
    ? meta.driverAdapterError
    : null;
}
