import type { Role } from "@loupe/contracts";

import type { ApiKeyCaller, PersonCaller, SystemCaller } from "./caller.ts";

/** A person with what they are in an organisation. */
export type PersonActor = Omit<PersonCaller, "organisationId"> &
  Pick<SystemCaller, "organisationId"> & {
    readonly role: Role;
    /** Name of the site where the person works; null for someone without one. */
    readonly site: string | null;
  };

/** A caller of whom it is known in which organisation they act, and as what. */
export type Actor = PersonActor | ApiKeyCaller | SystemCaller;
