import { createProject, getProject, listProjects, readDemoProgress } from "@loupe/application";
import { CreateProjectInput } from "@loupe/contracts";

import { organisationDoor, projectDoor, router } from "../../../server/trpc.ts";

export const projectsRouter = router({
  list: organisationDoor(listProjects).query(({ ctx }) => listProjects(ctx.caller, ctx.ports)),
  create: organisationDoor(createProject)
    .input(CreateProjectInput)
    .mutation(({ ctx, input }) => createProject(ctx.caller, ctx.ports, input)),
  demo: projectDoor(readDemoProgress).query(({ ctx, input }) =>
    readDemoProgress(ctx.caller, ctx.ports, input),
  ),
  get: projectDoor(getProject).query(({ ctx, input }) => getProject(ctx.caller, ctx.ports, input)),
});
