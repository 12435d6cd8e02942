import { Readable } from "node:stream";

import { DATA_POLICY, POLICY_HEADER } from "../doors/answer-headers.ts";

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
  if (file.downloadName !== undefined) {
    headers.set("content-disposition", attachment(file.downloadName));
  }
  // Nobody would read the stream, and nothing would close the file.
  if (request.method === "HEAD") return new Response(null, { headers });
  const stream = await file.open();
  return new Response(Readable.toWeb(stream) as ReadableStream<Uint8Array>, { headers });
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
