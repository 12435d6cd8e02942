import { OrganisationId } from "@loupe/contracts";
import { authAdapter, makeId, type Database } from "@loupe/db";
import type { Logger } from "@loupe/platform";
import { betterAuth } from "better-auth";
import { createAuthMiddleware, isAPIError } from "better-auth/api";
import { organization } from "better-auth/plugins";

import { checkAuthInput } from "./check-auth-input.ts";
import { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
import { organisationRoles } from "./organisation-roles.ts";
import { requireRemovable } from "./require-removable.ts";
import { noteStorageFailure } from "./tell-storage-failure.ts";

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
      // Those that test a secret are counted before they come here: `sign-in/guess-limiter.ts`.
      customRules: { "/sign-in/*": false, "/verify-password": false, "/change-password": false },
    },
    advanced: {
      cookiePrefix: "loupe",
      // Spelled out, since the library's default is to skip the check while tests run.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      useSecureCookies: options.baseUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      database: { generateId: () => makeId() },
    },
    hooks: {
      // Every route of the library, those of its plugins included, before anything else happens.
      before: createAuthMiddleware((context) => {
        const { body, query } = context as { body: unknown; query: unknown };
        checkAuthInput(query);
        const checked = checkAuthInput(body);
        if (context.path !== "/change-password") {
          return Promise.resolve({ context: { body: checked } });
        }
        // Who changes a password because somebody else knows it wants that one out.
        const revoking = { ...(checked as object), revokeOtherSessions: true };
        return Promise.resolve({ context: { body: revoking } });
      }),
    },
    plugins: [
      organization({
        ...organisationRoles,
        allowUserToCreateOrganization: false,
        organizationHooks: {
          beforeDeleteOrganization: ({ organization: { id } }) =>
            requireRemovable(options.db, OrganisationId.parse(id)),
        },
        creatorRole: "owner",
      }),
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;
