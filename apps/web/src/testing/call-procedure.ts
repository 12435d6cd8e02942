import type { ErrorCode, Failure } from "@loupe/contracts";
import superjson from "superjson";

import { fetchTrpc } from "../server/fetch-trpc.ts";
import { services } from "../server/services.ts";
import { SITE, type Caller } from "./a-web-world.ts";

export type ProcedureAnswer = {
  readonly status: number;
  readonly data: unknown;
  readonly code: ErrorCode | null;
  readonly details: unknown;
  readonly message: string;
};

type Call = {
  readonly caller: Caller;
  readonly path: string;
  readonly type: "query" | "mutation";
  readonly input: unknown;
  readonly headers?: Record<string, string>;
};

/** Call a procedure as a browser does: through a request with a cookie. */
export async function callProcedure(call: Call): Promise<ProcedureAnswer> {
  const input = JSON.stringify(superjson.serialize(call.input));
  const url = new URL(`/api/trpc/${call.path}`, SITE);
  const headers = { cookie: call.caller.cookie, origin: SITE, ...call.headers };
  let request: Request;
  if (call.type === "query") {
    url.searchParams.set("input", input);
    request = new Request(url, { headers });
  } else {
    request = new Request(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: input,
    });
  }
  const response = await fetchTrpc(request, services());
  const text = await response.text();
  const body = JSON.parse(text) as {
    result?: { data: Parameters<typeof superjson.deserialize>[0] };
    error?: Parameters<typeof superjson.deserialize>[0] & { code?: ErrorCode; message?: string };
  };
  if (body.result !== undefined) {
    const data: unknown = superjson.deserialize(body.result.data);
    return { status: response.status, data, code: null, details: null, message: "" };
  }
  // Refusals before tRPC are plain JSON, those inside are superjson's.
  const plain = body.error;
  if (plain?.json === undefined) {
    const { code = null, message = "" } = plain ?? {};
    return { status: response.status, data: null, code, details: null, message };
  }
  const shape = superjson.deserialize<{
    message: string;
    data: { failure: Failure; stack?: string };
  }>(plain);
  const { failure, stack } = shape.data;
  if (stack !== undefined) throw new Error("A stack leaked to the browser");
  return {
    status: response.status,
    data: null,
    code: failure.code,
    details: failure.details,
    message: shape.message,
  };
}
