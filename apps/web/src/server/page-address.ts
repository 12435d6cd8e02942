import type { IncomingMessage } from "node:http";

/** Path and query of the page that is asked for; always set by `server.ts`, as Next does not tell its pages. */
export const PAGE_ADDRESS_HEADER = "x-loupe-page-address";

/** Next's own parameter of the request behind a link that is followed without loading a page. */
const PART_OF_PAGE = "_rsc";

/** What the address bar shows for a request, also when it asks only for a part of the page. */
export function readPageAddress({ url = "/" }: Pick<IncomingMessage, "url">): string {
  const [path = "/", query] = url.split(/\?(.*)/s);
  if (query === undefined) return path;
  // Taken apart as text: whatever else stands in the query stays as it was written.
  const kept = query
    .split("&")
    .filter((pair) => pair !== "" && pair.split("=")[0] !== PART_OF_PAGE);
  return kept.length === 0 ? path : `${path}?${kept.join("&")}`;
}
