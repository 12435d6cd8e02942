import { AppError, type Action, type ProjectId } from "@loupe/contracts";
import type { Database } from "@loupe/db";

import type { Actor, PersonActor } from "./actor.ts";
import type { Caller, PersonCaller } from "./caller.ts";
import { requirePermission } from "./require-permission.ts";

type Doorkeepers = Pick<Database, "members" | "projects">;

export type ProjectQuestion = { readonly projectId: ProjectId; readonly action: Action };

/**
 * The caller as an actor in a project, or a refusal.
 *
 * Throws NOT_FOUND to everyone outside the project's organisation, exactly as if
 * there were no such project, and FORBIDDEN to those inside who may not do this.
 */
export function enterProject(
  caller: PersonCaller,
  db: Doorkeepers,
  question: ProjectQuestion,
): Promise<PersonActor>;
export function enterProject(
  caller: Caller,
  db: Doorkeepers,
  question: ProjectQuestion,
): Promise<Actor>;
export async function enterProject(
  caller: Caller,
  db: Doorkeepers,
  { projectId, action }: ProjectQuestion,
): Promise<Actor> {
  const actor = await findActor(caller, db, projectId);
  if (actor === null) throw new AppError("NOT_FOUND", "There is no such project.");
  requirePermission(actor, action);
  return actor;
}

async function findActor(
  caller: Caller,
  { members, projects }: Doorkeepers,
  projectId: ProjectId,
): Promise<Actor | null> {
  if (caller.kind === "person") {
    const access = await members.accessToProject(caller.userId, projectId);
    return access === null ? null : { ...caller, ...access };
  }
  const organisationId = await projects.organisationOf(projectId);
  return organisationId === caller.organisationId ? caller : null;
}
