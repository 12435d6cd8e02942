import { Readable } from "node:stream";

import type { ByteRange } from "@loupe/platform";

import { DATA_POLICY, POLICY_HEADER } from "../doors/answer-headers.ts";
import { readByteRange } from "./read-byte-range.ts";

export type ServedFile = {
  /** Names the content: a hash, with a suffix where it is derived. */
  readonly tag: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** True when the address always gives this content; else browsers ask each time. */
  readonly isImmutable: boolean;
  /** Set: the browser stores the file under this name and never shows it. */
  readonly downloadName?: string;
  readonly open: () => Promise<Readable>;
  /** Set: parts can be asked for, such as the rest of a download that broke off. */
  readonly openRange?: (range: ByteRange) => Promise<Readable>;
};

const ONE_YEAR_SECONDS = 31_536_000;

/**
 * Stream a file to a browser that may see it.
 *
 * The content type is ours, never sniffed; the policy forbids scripts should
 * anyone open the file as a page. Only the reader's own browser may cache it.
 */
export async function serveStream(request: Request, file: ServedFile): Promise<Response> {
  const etag = `"${file.tag}"`;
  const headers = new Headers({
    etag,
    "cache-control": file.isImmutable
      ? `private, max-age=${ONE_YEAR_SECONDS}, immutable`
      : "private, no-cache",
    vary: "Cookie",
    "x-content-type-options": "nosniff",
    [POLICY_HEADER]: DATA_POLICY,
    "cross-origin-resource-policy": "same-origin",
  });
  if (matches(request.headers.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers.set("content-type", file.contentType);
  headers.set("content-length", String(file.sizeBytes));
  if (file.openRange !== undefined) headers.set("accept-ranges", "bytes");
  if (file.downloadName !== undefined) {
    headers.set("content-disposition", attachment(file.downloadName));
  }
  // Nobody would read the stream, and nothing would close the file.
  if (request.method === "HEAD") return new Response(null, { headers });
  const { openRange = null } = file;
  const range = openRange === null ? null : askedRange(request, etag, file.sizeBytes);
  if (openRange === null || range === null) return streamed(await file.open(), { headers });
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${file.sizeBytes}`);
    headers.set("content-length", "0");
    return new Response(null, { status: 416, headers });
  }
  const { offset, length } = range;
  headers.set("content-range", `bytes ${offset}-${offset + length - 1}/${file.sizeBytes}`);
  headers.set("content-length", String(length));
  return streamed(await openRange(range), { status: 206, headers });
}

/** A part of what the reader has the beginning of; of another content they get the whole. */
function askedRange(
  { headers }: Request,
  etag: string,
  sizeBytes: number,
): ReturnType<typeof readByteRange> {
  const held = headers.get("if-range");
  return held === null || held === etag ? readByteRange(headers.get("range"), sizeBytes) : null;
}

function streamed(stream: Readable, init: ResponseInit): Response {
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, init);
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** RFC 6266: a plain ASCII name for old readers, the real one percent-encoded. */
function attachment(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, "_");
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${hex(char)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).toUpperCase();
}
