import type { IncomingMessage } from "node:http";

/**
 * True when a socket is opened by one of our own pages.
 *
 * Browsers send `Origin` with every websocket. With long polling, which is the
 * way where websockets are blocked, a page's GET to its own server carries
 * none; there, nothing but an answer that other pages cannot read is at stake.
 */
export function isHandshakeFromOurPage(
  request: Pick<IncomingMessage, "headers" | "method">,
  trustedOrigins: ReadonlySet<string>,
): boolean {
  const { origin, upgrade } = request.headers;
  if (origin !== undefined) return trustedOrigins.has(origin);
  if (upgrade !== undefined || request.method !== "GET") return false;
  const site = request.headers["sec-fetch-site"];
  return site === undefined || site === "same-origin";
}
