import type { OrganisationId, Role, UserId } from "@loupe/contracts";
import type { Database } from "@loupe/db";

import type { SignIn } from "../../../server/context.ts";
import { requireMembership } from "../../../server/require-membership.ts";

export type Me = {
  user: { id: UserId; name: string; email: string };
  organisation: { id: OrganisationId; name: string };
  role: Role;
  /** Name of the site where I work; null without one. */
  site: string | null;
};

/** Who is signed in, in which organisation, and with which role. */
export async function me(ctx: { db: Database; signIn: SignIn }): Promise<Me> {
  const membership = await requireMembership(ctx.db, ctx.signIn);
  const { id, name, email } = ctx.signIn.user;
  return {
    user: { id, name, email },
    organisation: { id: membership.organisationId, name: membership.organisationName },
    role: membership.role,
    site: membership.site,
  };
}
