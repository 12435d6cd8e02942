import { CLIENT_ADDRESS_HEADER } from "../client-address-header.ts";
import { readSignIn } from "../read-sign-in.ts";
import type { WebServices } from "../services.ts";
import type { Guess } from "./guess-limiter.ts";
import { showTyped } from "./show-typed.ts";

export type SecretTry = {
  /** Path below `/api/auth`. */
  readonly path: string;
  readonly request: Request;
  readonly bodyText: string;
};

/** Ask better-auth whether a secret is right, unless too many have been tried; failures are logged. */
export async function trySecret(
  { path, request, bodyText }: SecretTry,
  services: WebServices,
): Promise<Response> {
  const address = request.headers.get(CLIENT_ADDRESS_HEADER) ?? "unknown";
  const account =
    path === "/sign-in/email"
      ? typedEmail(bodyText)
      : ((await readSignIn(services.auth, request.headers))?.user.email ?? null);
  const guess: Guess = { address, account };
  const fields = { path, address, account: account === null ? null : showTyped(account) };

  const waitMs = services.guesses.take(guess);
  if (waitMs > 0) {
    services.logger.warn(fields, "too many attempts at a password");
    return tooManyAttempts(waitMs);
  }
  const response = await services.auth.handler(request);
  if (response.ok) services.guesses.succeeded(guess);
  else services.logger.warn({ ...fields, status: response.status }, "sign-in or password refused");
  return response;
}

function typedEmail(bodyText: string): string {
  try {
    const { email } = JSON.parse(bodyText) as { email?: unknown };
    return typeof email === "string" ? email : "";
  } catch {
    return "";
  }
}

function tooManyAttempts(waitMs: number): Response {
  const waitSeconds = Math.ceil(waitMs / 1000);
  const message = `Expected fewer attempts, got too many. Wait ${waitSeconds} s and try again.`;
  return Response.json(
    { error: { code: "TOO_MANY_REQUESTS", message, details: { waitSeconds } }, message },
    { status: 429, headers: { "retry-after": String(waitSeconds), "cache-control": "no-store" } },
  );
}
