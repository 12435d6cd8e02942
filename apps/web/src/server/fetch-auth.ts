import type { WebServices } from "./services.ts";
import { tellStorageFailure } from "./tell-storage-failure.ts";

/** Answer a request to better-auth; a refusal for too many attempts says when to come back. */
export async function fetchAuth(request: Request, services: WebServices): Promise<Response> {
  const response = await tellStorageFailure(() => services.auth.handler(request));
  const waitSeconds = response.headers.get("x-retry-after");
  if (response.status !== 429 || waitSeconds === null) return response;
  const headers = new Headers(response.headers);
  headers.set("retry-after", waitSeconds);
  return new Response(response.body, { status: response.status, headers });
}
