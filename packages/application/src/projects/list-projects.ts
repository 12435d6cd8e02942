import type { ProjectView } from "@loupe/contracts";

import { organisationUseCase } from "../use-case/organisation-use-case.ts";

/** The organisation's projects, by name. */
export const listProjects = organisationUseCase(
  "project:read",
  ({ db, organisationId }, _input: void): Promise<ProjectView[]> =>
    db.projects.list(organisationId),
);
