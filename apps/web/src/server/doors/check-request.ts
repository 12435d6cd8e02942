import type { IncomingMessage } from "node:http";

import type { Door } from "./door.ts";
import type { HttpLimits } from "./http-limits.ts";
import type { Refusal } from "./refuse-request.ts";

/** What is wrong with a request as far as its headers tell; null when it may come in. */
export function checkRequest(
  request: IncomingMessage,
  door: Door | null,
  limits: HttpLimits,
): Refusal | null {
  if (request.rawHeaders.length / 2 > limits.headerCount) {
    const message = `Expected at most ${limits.headerCount} headers, got more. Clear this site's cookies.`;
    return { status: 431, code: "TOO_LARGE", message };
  }
  if (door === null) {
    return { status: 404, code: "NOT_FOUND", message: "There is nothing under this address." };
  }
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "");
  if (!(door.methods as readonly string[]).includes(method)) {
    const allowed = allowedMethods(door);
    const message = `Expected ${allowed}, got ${request.method ?? "no method"}.`;
    return { status: 405, code: "BAD_INPUT", message, headers: { allow: allowed } };
  }
  return checkBody(request, method === "GET" ? 0 : door.maxBodyBytes);
}

/** True when a body follows the headers, however long. */
export function hasBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function checkBody(request: IncomingMessage, maxBytes: number): Refusal | null {
  const { headers } = request;
  if (maxBytes === 0 && hasBody(request)) {
    const message = `Expected a ${request.method} without a body, got one with a body.`;
    return { status: 413, code: "TOO_LARGE", message };
  }
  return Number(headers["content-length"] ?? 0) > maxBytes ? bodyTooLarge(maxBytes) : null;
}

export function bodyTooLarge(maxBytes: number): Refusal {
  const message = `Expected a body of at most ${maxBytes} bytes, got a larger one.`;
  return { status: 413, code: "TOO_LARGE", message };
}

function allowedMethods(door: Door): string {
  return door.methods
    .flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]))
    .join(", ");
}
