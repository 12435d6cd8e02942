import type { ProjectView, Role } from "@loupe/contracts";

import type { ProjectContext } from "../../../server/project-context.ts";

/** A project with the caller's role in it, by which the screens hide what the role forbids. */
export async function getProject(ctx: ProjectContext): Promise<ProjectView & { role: Role }> {
  const project = await ctx.db.projects.require(ctx.projectId, ctx.organisationId);
  return { ...project, role: ctx.role };
}
