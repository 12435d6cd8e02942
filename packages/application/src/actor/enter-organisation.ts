import { AppError, type Action } from "@loupe/contracts";
import type { Database, Membership } from "@loupe/db";

import type { Actor } from "./actor.ts";
import type { Caller, PersonCaller } from "./caller.ts";
import { requirePermission } from "./require-permission.ts";

/** The caller as an actor in their organisation. Throws FORBIDDEN. */
export async function enterOrganisation(
  caller: Caller,
  { members }: Pick<Database, "members">,
  action: Action,
): Promise<Actor> {
  const actor = caller.kind === "person" ? await asMember(caller, members) : caller;
  requirePermission(actor, action);
  return actor;
}

/** The organisation that a person works in: the session's, else the first. Throws FORBIDDEN. */
export async function findMembership(
  { userId, organisationId }: Pick<PersonCaller, "userId" | "organisationId">,
  members: Database["members"],
): Promise<Membership> {
  const memberships = await members.membershipsOf(userId);
  const active = memberships.find((membership) => membership.organisationId === organisationId);
  const membership = active ?? memberships[0];
  if (membership === undefined) {
    throw new AppError("FORBIDDEN", "You belong to no organisation. Ask an owner to invite you.");
  }
  return membership;
}

async function asMember(caller: PersonCaller, members: Database["members"]): Promise<Actor> {
  const { organisationId, role, site } = await findMembership(caller, members);
  return { ...caller, organisationId, role, site };
}
