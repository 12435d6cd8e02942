import type { Action, OrganisationId } from "@loupe/contracts";

import type { Actor } from "../actor/actor.ts";
import type { Caller } from "../actor/caller.ts";
import { enterOrganisation } from "../actor/enter-organisation.ts";
import type { Ports } from "./ports.ts";

/** Where a use case of an organisation plays, and who acts. */
export type OrganisationScene = Ports & {
  readonly actor: Actor;
  readonly organisationId: OrganisationId;
};

/** One thing that can be done in the caller's organisation; it asks by itself whether they may. */
export type OrganisationUseCase<I, O> = {
  (caller: Caller, ports: Ports, input: I): Promise<O>;
  readonly scope: "organisation";
  readonly action: Action;
};

/** A use case in the organisation that the caller works in. Throws FORBIDDEN to who may not. */
export function organisationUseCase<I, O>(
  action: Action,
  play: (scene: OrganisationScene, input: I) => Promise<O> | O,
): OrganisationUseCase<I, O> {
  const useCase = async (caller: Caller, { db, blobs }: Ports, input: I): Promise<O> => {
    const actor = await enterOrganisation(caller, db, action);
    return play({ db, blobs, actor, organisationId: actor.organisationId }, input);
  };
  return Object.assign(useCase, { scope: "organisation", action } as const);
}
