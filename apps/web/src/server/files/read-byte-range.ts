import type { ByteRange } from "@loupe/platform";

/** `bytes=0-99`, `bytes=100-` or `bytes=-50`. */
const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/i;

/**
 * The part of a file that a Range header asks for (RFC 9110, 14.2).
 *
 * Null for the whole file: without a header, for one that is none, and for several ranges at once,
 * which a server may pass over. "unsatisfiable" when the part lies behind the end.
 */
export function readByteRange(
  header: string | null,
  sizeBytes: number,
): ByteRange | "unsatisfiable" | null {
  const [, first = "", last = ""] = ONE_RANGE.exec(header?.trim() ?? "") ?? [];
  if (first === "" && last === "") return null;
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? "unsatisfiable" : { offset: sizeBytes - length, length };
  }
  const offset = Number(first);
  const end = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== "" && Number(last) < offset) return null;
  return offset >= sizeBytes ? "unsatisfiable" : { offset, length: end - offset };
}
