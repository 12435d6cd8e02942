import { AppError, can, type Action, type ProjectId, type UserId } from "@loupe/contracts";
import type { Database, ProjectAccess } from "@loupe/db";

export type AccessQuestion = {
  readonly userId: UserId;
  readonly projectId: ProjectId;
  readonly action: Action;
};

/**
 * The caller's role in a project, or a refusal.
 *
 * Throws NOT_FOUND to people outside the project's organisation, exactly as if
 * there were no such project, and FORBIDDEN to members whose role may not do this.
 */
export async function requireProjectAccess(
  db: Database,
  { userId, projectId, action }: AccessQuestion,
): Promise<ProjectAccess & { readonly projectId: ProjectId }> {
  const access = await db.members.accessToProject(userId, projectId);
  if (access === null) throw new AppError("NOT_FOUND", "There is no such project.");
  if (!can(access.role, action)) {
    throw new AppError("FORBIDDEN", `Your role (${access.role}) may not do this.`);
  }
  return { ...access, projectId };
}
