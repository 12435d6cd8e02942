import { UserId } from "@loupe/contracts";

import type { Auth } from "./auth.ts";
import type { SignIn } from "./context.ts";

/** The session that a request's cookies name, or null when there is none or it has ended. */
export async function readSignIn(auth: Auth, headers: Headers): Promise<SignIn | null> {
  const found = await auth.api.getSession({ headers });
  if (found === null) return null;
  const { id, name, email } = found.user;
  return {
    sessionId: found.session.id,
    user: { id: UserId.parse(id), name, email },
    activeOrganisationId: found.session.activeOrganizationId ?? null,
  };
}
