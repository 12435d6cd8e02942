import type { PersonCaller } from "@loupe/application";
import { OrganisationId } from "@loupe/contracts";

import type { SignIn } from "./context.ts";

/** A person with a session, as use cases know them. */
export function callerOf({ user, sessionId, activeOrganisationId }: SignIn): PersonCaller {
  const organisationId =
    activeOrganisationId === null ? null : OrganisationId.parse(activeOrganisationId);
  return { kind: "person", userId: user.id, sessionId, organisationId };
}
