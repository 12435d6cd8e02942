import type { Action, OrganisationId, UserId } from "@loupe/contracts";

/** Someone with a session, before anyone has asked what they may do. */
export type PersonCaller = {
  readonly kind: "person";
  readonly userId: UserId;
  /** Null where a person is acted for without a session, as in the demo. */
  readonly sessionId: string | null;
  /** The organisation that the session works in; null: the person's first. */
  readonly organisationId: OrganisationId | null;
};

/** A program with a key of an organisation. */
export type ApiKeyCaller = {
  readonly kind: "api-key";
  readonly organisationId: OrganisationId;
  readonly scopes: readonly Action[];
};

/** Loupe itself, at work for an organisation. */
export type SystemCaller = { readonly kind: "system"; readonly organisationId: OrganisationId };

/** Who asks, as a door knows them. A use case finds out by itself what they may do. */
export type Caller = PersonCaller | ApiKeyCaller | SystemCaller;
