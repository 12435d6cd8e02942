import type { OrganisationId, Role } from "@loupe/contracts";

import type { PersonCaller } from "../actor/caller.ts";
import { findMembership } from "../actor/enter-organisation.ts";
import type { Ports } from "../use-case/ports.ts";

export type Standing = {
  organisation: { id: OrganisationId; name: string };
  role: Role;
  /** Name of the site where I work; null without one. */
  site: string | null;
};

/** In which organisation a person is, and with which role. Throws FORBIDDEN. */
export async function whoAmI(caller: PersonCaller, { db }: Pick<Ports, "db">): Promise<Standing> {
  const { organisationId, organisationName, role, site } = await findMembership(caller, db.members);
  return { organisation: { id: organisationId, name: organisationName }, role, site };
}
