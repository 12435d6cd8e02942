import { randomUUID } from "node:crypto";

import { authAdapter, type Database } from "@loupe/db";
import type { Logger } from "@loupe/platform";
import { betterAuth } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { organization } from "better-auth/plugins";

import { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
import { organisationRoles } from "./organisation-roles.ts";

export type AuthOptions = {
  readonly db: Database;
  readonly logger: Logger;
  readonly secret: string;
  /** Address under which people open the site, such as `https://loupe.example`. */
  readonly baseUrl: string;
  readonly trustedOrigins: ReadonlySet<string>;
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
      // Those that test a secret are counted before they come here: `sign-in/guess-limiter.ts`.
      customRules: { "/sign-in/*": false, "/verify-password": false, "/change-password": false },
    },
    hooks: {
      before: createAuthMiddleware(
        (context): Promise<{ context: { body: object } } | undefined> => {
          if (context.path !== "/change-password") return Promise.resolve(undefined);
          // Who changes a password because somebody else knows it wants that one out.
          const body = { ...(context.body as object), revokeOtherSessions: true };
          return Promise.resolve({ context: { body } });
        },
      ),
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
