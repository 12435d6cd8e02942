import type { CreateProjectInput, ProjectView } from "@loupe/contracts";

import { authorOf } from "../actor/person-of.ts";
import { organisationUseCase } from "../use-case/organisation-use-case.ts";

/** Begin a project. Throws NAME_TAKEN. */
export const createProject = organisationUseCase(
  "project:write",
  ({ db, actor, organisationId }, { name }: CreateProjectInput): Promise<ProjectView> =>
    db.projects.create({ organisationId, name, createdById: authorOf(actor) }),
);
