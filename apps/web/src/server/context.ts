import type { UserId } from "@loupe/contracts";

import type { WebServices } from "./services.ts";

/** A person with a valid session. */
export type SignIn = {
  readonly sessionId: string;
  readonly user: { readonly id: UserId; readonly name: string; readonly email: string };
  readonly activeOrganisationId: string | null;
};

/** What every procedure starts from. */
export type RequestContext = {
  readonly services: WebServices;
  readonly requestId: string;
  readonly signIn: SignIn | null;
};
