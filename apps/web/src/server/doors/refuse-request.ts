import type { IncomingMessage, ServerResponse } from "node:http";

import type { ErrorCode, Failure } from "@loupe/contracts";

export type Refusal = {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Answer without looking at the rest of the request. */
export function refuseRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, message, headers = {} }: Refusal,
): void {
  const error: Failure = { code, message, details: {} };
  const body = JSON.stringify({ error });
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
