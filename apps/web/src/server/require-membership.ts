import { AppError } from "@loupe/contracts";
import type { Database, Membership } from "@loupe/db";

import type { SignIn } from "./context.ts";

/** The organisation that the session works in: the active one, else the first. Throws FORBIDDEN. */
export async function requireMembership(db: Database, signIn: SignIn): Promise<Membership> {
  const memberships = await db.members.membershipsOf(signIn.user.id);
  const active = memberships.find(
    (membership) => membership.organisationId === signIn.activeOrganisationId,
  );
  const membership = active ?? memberships[0];
  if (membership === undefined) {
    throw new AppError("FORBIDDEN", "You belong to no organisation. Ask an owner to invite you.");
  }
  return membership;
}
