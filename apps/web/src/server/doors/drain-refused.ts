import type { IncomingMessage, ServerResponse } from "node:http";

import type { HttpLimits } from "./http-limits.ts";

/** How often a client that goes on sending is looked at. */
const LOOK_MS = 10;

/**
 * Take in the rest of a refused body for a while, or the client never reads the refusal.
 *
 * Nothing of it is kept, and whoever sends more than a little is cut off.
 */
export function drainRefused(
  request: IncomingMessage,
  response: ServerResponse,
  { drainMs, drainBytes }: Pick<HttpLimits, "drainMs" | "drainBytes">,
): void {
  response.once("finish", () => {
    if (request.complete || request.destroyed) return;
    const { socket } = request;
    const bytesBefore = socket.bytesRead;
    let looksLeft = Math.ceil(drainMs / LOOK_MS);
    request.resume();
    const timer = setInterval(() => {
      const isOver = --looksLeft <= 0 || socket.bytesRead - bytesBefore > drainBytes;
      if (request.complete) clearInterval(timer);
      else if (isOver) socket.destroy();
    }, LOOK_MS);
    timer.unref();
    socket.once("close", () => clearInterval(timer));
  });
}
