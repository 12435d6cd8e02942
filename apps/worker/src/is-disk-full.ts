/** What a person is told whose work ended for want of room. */
export const DISK_FULL =
  "The disk of the server is full. Nothing more can be stored until there is room; then try again.";

const CODES: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);
/** Libraries that write by themselves, and threads, pass on the words alone. */
const WORDS = /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/iu;

/** True for an error of a write that found no room. Trying again at once would find none either. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && CODES.has(error.code)) || WORDS.test(error.message);
}
