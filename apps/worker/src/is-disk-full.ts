import { findStorageFault } from "@loupe/contracts";

/** What a person is told whose work ended for want of room. */
export const DISK_FULL =
  "The disk of the server is full. Nothing more can be stored until there is room; then try again.";

/** True for an error of a write that found no room. Trying again at once would find none either. */
export function isDiskFull(error: unknown): boolean {
  const fault = findStorageFault(error);
  return fault === "full" || fault === "quota";
}
