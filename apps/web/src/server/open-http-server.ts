import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import type { Logger } from "@loupe/platform";

import { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
import { answerHeaders, POLICY_HEADER, type SiteFacts } from "./doors/answer-headers.ts";
import { bodyTooLarge, checkRequest, hasBody } from "./doors/check-request.ts";
import type { Door } from "./doors/door.ts";
import { drainRefused } from "./doors/drain-refused.ts";
import { doorFinder } from "./doors/find-door.ts";
import { HTTP_LIMITS, type HttpLimits } from "./doors/http-limits.ts";
import { listDoors } from "./doors/list-doors.ts";
import { refuseRequest, type Refusal } from "./doors/refuse-request.ts";
import { takeBody } from "./doors/take-body.ts";
import { watchUpload } from "./doors/watch-upload.ts";
import { PAGE_ADDRESS_HEADER, readPageAddress } from "./page-address.ts";
import { readClientAddress } from "./read-client-address.ts";
import { SOCKET_PATH, type Realtime } from "./realtime/open-realtime.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";

export type HttpOptions = {
  readonly logger: Logger;
  readonly trustedProxies: number;
  readonly site: SiteFacts;
  readonly realtime: Pick<Realtime, "onRequest" | "onUpgrade">;
  /** Answers everything that is not for the sockets: pages and routes. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Null: nobody else wants upgrades (only Next's development server does). */
  readonly onUpgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
  /** Others than the usual ones, for tests. */
  readonly limits?: Partial<HttpLimits>;
};

/** Within what time of its end a time limit takes effect. */
const LIMIT_CHECK_MS = 1_000;

/**
 * The one HTTP server of the process, not yet listening.
 *
 * Every request gets an id and the client's address in headers that nobody
 * outside can set, and one log line when it has been answered. It comes in by a
 * door of the table, within that door's limits, or nobody behind it hears of it.
 */
export function openHttpServer(options: HttpOptions): Server {
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const findDoor = doorFinder(listDoors(options.site));
  const headersOf = answerHeaders(options.site);

  const handOn = (request: IncomingMessage, response: ServerResponse): void => {
    if (isForSockets(request)) {
      options.realtime.onRequest(request, response);
      return;
    }
    options.onRequest(request, response).catch((error: unknown) => {
      options.logger.error({ err: error, requestId: requestIdOf(request) }, "request failed");
      if (!response.headersSent) response.statusCode = 500;
      response.end();
    });
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    markRequest(request, options.trustedProxies);
    logWhenAnswered(request, response, options.logger);
    drainRefused(request, response, limits);
    const door = findDoor(request.url ?? "");
    const headers = headersOf(door?.kind ?? "api");
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // Next reads the number of a page's own scripts from here.
    request.headers[POLICY_HEADER] = headers[POLICY_HEADER];
    const refusal = checkRequest(request, door, limits);
    if (refusal !== null || door === null) {
      if (refusal !== null) refuseRequest(request, response, refusal);
      return;
    }
    if (request.headers.expect !== undefined) response.writeContinue();
    admit(request, response, { door, limits, handOn });
  };

  const server = createServer(
    { maxHeaderSize: limits.headerBytes, connectionsCheckingInterval: LIMIT_CHECK_MS },
    serve,
  );
  // Asked before the body is sent, so that a refusal saves the sending.
  server.on("checkContinue", serve);
  server.on("upgrade", (request, socket, head) => {
    markRequest(request, options.trustedProxies);
    const isTooMuch = request.rawHeaders.length / 2 > limits.headerCount;
    if (isTooMuch) socket.end("HTTP/1.1 431 Request Header Fields Too Large\r\n" + CLOSE);
    else if (isForSockets(request)) options.realtime.onUpgrade(request, socket, head);
    else if (options.onUpgrade !== null) options.onUpgrade(request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\n" + CLOSE);
  });
  // One more than allowed is kept, so that too many can be told from enough.
  server.maxHeadersCount = limits.headerCount + 1;
  server.headersTimeout = limits.headersMs;
  // A big archive over a slow line takes longer than any fixed limit; idleness is the measure.
  server.requestTimeout = 0;
  server.timeout = limits.idleMs;
  server.keepAliveTimeout = limits.keepAliveMs;
  return server;
}

const CLOSE = "Connection: close\r\n\r\n";

type Admission = {
  readonly door: Door;
  readonly limits: HttpLimits;
  readonly handOn: (request: IncomingMessage, response: ServerResponse) => void;
};

/** Hand a request on: an upload at once, another body when it is there, within its limits. */
function admit(
  request: IncomingMessage,
  response: ServerResponse,
  { door, limits, handOn }: Admission,
): void {
  const { maxBodyBytes: maxBytes } = door;
  if (!hasBody(request)) return handOn(request, response);
  if (door.isStreamed) {
    watchUpload(request, { ...limits, maxBytes });
    return handOn(request, response);
  }
  void takeBody(request, { maxBytes, limitMs: limits.bodyMs }).then((taken) => {
    if (taken === "whole") handOn(request, response);
    else if (taken === "too large") refuseRequest(request, response, bodyTooLarge(maxBytes));
    else if (taken === "too slow") refuseRequest(request, response, BODY_TOO_SLOW);
  });
}

const BODY_TOO_SLOW: Refusal = {
  status: 408,
  code: "BAD_INPUT",
  message: "Expected the whole request, got a part of it. Check the connection and try again.",
};

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
