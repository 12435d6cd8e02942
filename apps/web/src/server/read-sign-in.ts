import { UserId } from "@loupe/contracts";

import type { Auth } from "./auth.ts";
import type { SignIn } from "./context.ts";
import { outage } from "./outage.ts";

/**
 * The session that a request's cookies name, or null when there is none or it has ended.
 *
 * Throws UNAVAILABLE when it could not be looked up: the library hides why, but nothing except the
 * database is asked.
 */
export async function readSignIn(auth: Auth, headers: Headers): Promise<SignIn | null> {
  const found = await auth.api.getSession({ headers }).catch((error: unknown) => {
    const isHidden = error instanceof Error && "statusCode" in error && error.statusCode === 500;
    throw isHidden ? outage(error) : error;
  });
  if (found === null) return null;
  const { id, name, email } = found.user;
  return {
    sessionId: found.session.id,
    user: { id: UserId.parse(id), name, email },
    activeOrganisationId: found.session.activeOrganizationId ?? null,
  };
}
