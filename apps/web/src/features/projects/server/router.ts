import { CreateProjectInput, type DemoProgress, type ProjectView } from "@loupe/contracts";

import { organisationProcedure, projectProcedure, router } from "../../../server/trpc.ts";
import { getProject } from "./get-project.ts";

export const projectsRouter = router({
  list: organisationProcedure("project:read").query(({ ctx }): Promise<ProjectView[]> =>
    ctx.db.projects.list(ctx.organisationId),
  ),
  create: organisationProcedure("project:write")
    .input(CreateProjectInput)
    .mutation(({ ctx, input }): Promise<ProjectView> =>
      ctx.db.projects.create({
        organisationId: ctx.organisationId,
        name: input.name,
        createdById: ctx.user.id,
      }),
    ),
  demo: projectProcedure("project:read").query(({ ctx }): Promise<DemoProgress | null> =>
    ctx.db.demoWorlds.progressOf(ctx.projectId),
  ),
  get: projectProcedure("project:read").query(({ ctx }) => getProject(ctx)),
});
