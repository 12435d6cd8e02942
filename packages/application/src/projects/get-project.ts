import type { ProjectId, ProjectView, Role } from "@loupe/contracts";

import { personOf } from "../actor/person-of.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";

/** A project with the person's role in it, by which the screens hide what the role forbids. */
export const getProject = projectUseCase(
  "project:read",
  async (
    { db, actor, organisationId },
    { projectId }: { projectId: ProjectId },
  ): Promise<ProjectView & { role: Role }> => {
    const { role } = personOf(actor);
    const project = await db.projects.require(projectId, organisationId);
    return { ...project, role };
  },
);
