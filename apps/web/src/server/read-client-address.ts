import type { IncomingMessage } from "node:http";

/**
 * The address of the client, of which a rate limit can be made.
 *
 * `X-Forwarded-For` is believed only as far as `trustedProxies` of our own
 * proxies have written it, counted from its end; the rest is the client's say.
 */
export function readClientAddress(
  request: Pick<IncomingMessage, "headers"> & { socket: { remoteAddress?: string | undefined } },
  trustedProxies: number,
): string {
  const direct = request.socket.remoteAddress ?? "0.0.0.0";
  if (trustedProxies === 0) return direct;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  return forwarded.at(-trustedProxies) ?? forwarded[0] ?? direct;
}
