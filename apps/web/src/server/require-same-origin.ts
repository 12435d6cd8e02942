import { AppError } from "@loupe/contracts";

/**
 * Refuse a change that another site's page asks for with the visitor's cookie.
 *
 * Browsers send `Origin` with every POST; a script that has none must say where
 * it belongs. Throws FORBIDDEN.
 */
export function requireSameOrigin(headers: Headers, trustedOrigins: ReadonlySet<string>): void {
  const origin = headers.get("origin");
  if (origin !== null && trustedOrigins.has(origin)) return;
  throw new AppError(
    "FORBIDDEN",
    `Expected a request from a page of this site, got one from ${origin ?? "nowhere"}. ` +
      `Open the site under ${[...trustedOrigins][0] ?? "its own address"}.`,
  );
}
