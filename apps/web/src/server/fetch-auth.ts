import { AppError, ERROR_STATUS, isAppError } from "@loupe/contracts";

import { describeFailure } from "./describe-failure.ts";
import { MAX_AUTH_BYTES } from "./doors/list-doors.ts";
import { isOutage } from "./is-outage.ts";
import { isReadOnly } from "./is-read-only.ts";
import { readBodyText } from "./read-body-text.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";
import type { WebServices } from "./services.ts";
import { AUTH_DOORS } from "./sign-in/auth-doors.ts";
import { trySecret } from "./sign-in/try-secret.ts";
import { tellStorageFailure } from "./tell-storage-failure.ts";

const BASE_PATH = "/api/auth";

/** Answer a request to better-auth; a refusal for too many attempts says when to come back. */
export async function fetchAuth(request: Request, services: WebServices): Promise<Response> {
  const response = await answerOrRefuse(request, services);
  if (request.method !== "HEAD") return sayWhenToComeBack(response);
  return new Response(null, { status: response.status, headers: response.headers });
}

async function answerOrRefuse(request: Request, services: WebServices): Promise<Response> {
  try {
    const response = await tellStorageFailure(() => answer(request, services));
    if (response.status < 500 || response.status === ERROR_STATUS.STORAGE_FULL) return response;
    // The library hides why it failed: the database itself is asked.
    await services.db.pool.query("select 1");
    return response;
  } catch (error) {
    if (!isAppError(error) && !isOutage(error)) throw error;
    const failure = describeFailure(error, request.headers.get(REQUEST_ID_HEADER) ?? "unknown");
    const status = failure.code === null ? 500 : ERROR_STATUS[failure.code];
    return Response.json({ error: failure }, { status });
  }
}

async function answer(request: Request, services: WebServices): Promise<Response> {
  const path = new URL(request.url).pathname.slice(BASE_PATH.length);
  const door = Object.hasOwn(AUTH_DOORS, path) ? AUTH_DOORS[path] : "closed";
  if (door === "closed") {
    throw new AppError("NOT_FOUND", "There is nothing under this address.");
  }
  const { url, headers } = request;
  if (isReadOnly(request.method)) {
    return services.auth.handler(new Request(url, { method: "GET", headers }));
  }
  const bodyText = await readBodyText(request, MAX_AUTH_BYTES);
  const post = new Request(url, { method: "POST", headers, body: bodyText });
  if (door === "secret") return trySecret({ path, request: post, bodyText }, services);
  return services.auth.handler(post);
}

function sayWhenToComeBack(response: Response): Response {
  const waitSeconds = response.headers.get("x-retry-after");
  if (response.status !== 429 || waitSeconds === null) return response;
  const headers = new Headers(response.headers);
  headers.set("retry-after", waitSeconds);
  return new Response(response.body, { status: response.status, headers });
}
