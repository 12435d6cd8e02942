import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import type { Logger } from "@loupe/platform";

import { CLIENT_ADDRESS_HEADER } from "./auth.ts";
import { PAGE_ADDRESS_HEADER, readPageAddress } from "./page-address.ts";
import { readClientAddress } from "./read-client-address.ts";
import { SOCKET_PATH, type Realtime } from "./realtime/open-realtime.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";

export type HttpOptions = {
  readonly logger: Logger;
  readonly trustedProxies: number;
  readonly realtime: Pick<Realtime, "onRequest" | "onUpgrade">;
  /** Answers everything that is not for the sockets: pages and routes. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Null: nobody else wants upgrades (only Next's development server does). */
  readonly onUpgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
};

/** A connection on which nothing has moved for this long is closed. Uploads move all the time. */
const IDLE_MS = 120_000;
/** How long a client that was refused in the middle of an upload may go on sending. */
const DRAIN_MS = 20_000;

/**
 * The one HTTP server of the process, not yet listening.
 *
 * Every request gets an id and the client's address in headers that nobody
 * outside can set, and one log line when it has been answered.
 */
export function openHttpServer(options: HttpOptions): Server {
  const server = createServer((request, response) => {
    markRequest(request, options.trustedProxies);
    logWhenAnswered(request, response, options.logger);
    drainRefusedUpload(request, response);
    if (isForSockets(request)) {
      options.realtime.onRequest(request, response);
      return;
    }
    options.onRequest(request, response).catch((error: unknown) => {
      options.logger.error({ err: error, requestId: requestIdOf(request) }, "request failed");
      if (!response.headersSent) response.statusCode = 500;
      response.end();
    });
  });
  server.on("upgrade", (request, socket, head) => {
    markRequest(request, options.trustedProxies);
    if (isForSockets(request)) options.realtime.onUpgrade(request, socket, head);
    else if (options.onUpgrade !== null) options.onUpgrade(request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
  });
  // A big archive over a slow line takes longer than any fixed limit; idleness is the measure.
  server.requestTimeout = 0;
  server.timeout = IDLE_MS;
  return server;
}

function isForSockets(request: IncomingMessage): boolean {
  return request.url?.startsWith(SOCKET_PATH) ?? false;
}

function markRequest(request: IncomingMessage, trustedProxies: number): void {
  request.headers[REQUEST_ID_HEADER] = randomUUID();
  request.headers[CLIENT_ADDRESS_HEADER] = readClientAddress(request, trustedProxies);
  request.headers[PAGE_ADDRESS_HEADER] = readPageAddress(request);
}

function requestIdOf(request: IncomingMessage): string {
  return String(request.headers[REQUEST_ID_HEADER]);
}

function logWhenAnswered(request: IncomingMessage, response: ServerResponse, logger: Logger): void {
  const startedAt = performance.now();
  const requestId = requestIdOf(request);
  response.setHeader(REQUEST_ID_HEADER, requestId);
  response.once("close", () => {
    // The query is left out: it may hold what somebody typed.
    const path = request.url?.split("?")[0];
    if (path?.startsWith("/_next/") === true) return;
    logger.info(
      {
        requestId,
        method: request.method,
        path,
        status: response.statusCode,
        isComplete: response.writableFinished,
        durationMs: Math.round(performance.now() - startedAt),
      },
      "request answered",
    );
  });
}

/** Take in the rest of a refused upload for a while, or the client never reads the refusal. */
function drainRefusedUpload(request: IncomingMessage, response: ServerResponse): void {
  response.once("finish", () => {
    if (request.complete || request.destroyed) return;
    request.resume();
    const timer = setTimeout(() => request.destroy(), DRAIN_MS);
    timer.unref();
    request.once("close", () => clearTimeout(timer));
  });
}
