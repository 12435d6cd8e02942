import { randomUUID } from "node:crypto";

import { authAdapter, type Database } from "@loupe/db";
import type { Logger } from "@loupe/platform";
import { betterAuth } from "better-auth";
import { isAPIError } from "better-auth/api";
import { organization } from "better-auth/plugins";

import { organisationRoles } from "./organisation-roles.ts";
import { noteStorageFailure } from "./tell-storage-failure.ts";

/** Set by `server.ts` from the connection itself, so that a client cannot choose it. */
export const CLIENT_ADDRESS_HEADER = "x-loupe-client-address";

export type AuthOptions = {
  readonly db: Database;
  readonly logger: Logger;
  readonly secret: string;
  /** Address under which people open the site, such as `https://loupe.example`. */
  readonly baseUrl: string;
  readonly trustedOrigins: ReadonlySet<string>;
  /** Sign-in attempts a minute from one address. */
  readonly signInsPerMinute: number;
};

/**
 * Sessions and sign-in: e-mail and password, organisations with our roles.
 *
 * Nobody can register by themselves, since an exposed installation would then
 * let anybody in. Sessions are rows and are read on every request (no cookie
 * cache): revoking one takes effect at once.
 */
export function createAuth(options: AuthOptions) {
  return betterAuth({
    appName: "Loupe",
    baseURL: options.baseUrl,
    basePath: "/api/auth",
    secret: options.secret,
    trustedOrigins: [...options.trustedOrigins],
    database: authAdapter(options.db),
    telemetry: { enabled: false },
    logger: { log: (level, message) => options.logger[level]({ part: "auth" }, message) },
    onAPIError: {
      onError: (error) => {
        noteStorageFailure(error);
        // Refusals are answers; what else fails is ours to look at.
        if (!isAPIError(error)) options.logger.error({ part: "auth", err: error }, "auth failed");
      },
    },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
    session: {
      expiresIn: 7 * 24 * 60 * 60,
      updateAge: 24 * 60 * 60,
      cookieCache: { enabled: false },
    },
    rateLimit: {
      enabled: true,
      storage: "memory",
      window: 60,
      max: 300,
      customRules: { "/sign-in/email": { window: 60, max: options.signInsPerMinute } },
    },
    advanced: {
      cookiePrefix: "loupe",
      // Spelled out, since the library's default is to skip the check while tests run.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      useSecureCookies: options.baseUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      database: { generateId: () => randomUUID() },
    },
    plugins: [
      organization({
        ...organisationRoles,
        allowUserToCreateOrganization: false,
        creatorRole: "owner",
      }),
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;
