import type { Action, OrganisationId, ProjectId } from "@loupe/contracts";

import type { Actor } from "../actor/actor.ts";
import type { Caller } from "../actor/caller.ts";
import { enterProject } from "../actor/enter-project.ts";
import type { Ports } from "./ports.ts";

/** Where a use case inside a project plays, and who acts: they may do this, it has been asked. */
export type ProjectScene = Ports & {
  readonly actor: Actor;
  readonly action: Action;
  readonly organisationId: OrganisationId;
  readonly projectId: ProjectId;
};

type InProject = { readonly projectId: ProjectId };

/** One thing that can be done in a project; it asks by itself whether the caller may. */
export type ProjectUseCase<I extends InProject, O> = {
  (caller: Caller, ports: Ports, input: I): Promise<O>;
  readonly scope: "project";
  /** What role or scopes must allow, for doors that say so beforehand. */
  readonly action: Action;
};

/** A use case in the project that its input names. Throws NOT_FOUND or FORBIDDEN to who may not. */
export function projectUseCase<I extends InProject, O>(
  action: Action,
  play: (scene: ProjectScene, input: I) => Promise<O> | O,
): ProjectUseCase<I, O> {
  const useCase = async (caller: Caller, { db, blobs }: Ports, input: I): Promise<O> => {
    const { projectId } = input;
    const actor = await enterProject(caller, db, { projectId, action });
    const { organisationId } = actor;
    return play({ db, blobs, actor, action, organisationId, projectId }, input);
  };
  return Object.assign(useCase, { scope: "project", action } as const);
}
