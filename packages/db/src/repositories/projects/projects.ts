import {
  AppError,
  type ModelVersionId,
  type OrganisationId,
  type ProjectId,
  type ProjectView,
  type UserId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { isUniqueViolation } from "../../is-unique-violation.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { requireActor } from "../people/require-actor.ts";

export type NewProject = {
  readonly organisationId: OrganisationId;
  readonly name: string;
  readonly createdById: UserId;
};

export interface ProjectsRepository {
  /** The organisation's projects with their counts, by name. */
  list(organisationId: OrganisationId): Promise<ProjectView[]>;
  /** Throws NAME_TAKEN when the organisation has a project of this name. */
  create(project: NewProject): Promise<ProjectView>;
  /** Throws NOT_FOUND, also for a project of another organisation. */
  require(id: ProjectId, organisationId: OrganisationId): Promise<ProjectView>;
  /** The organisation that a project belongs to. Throws NOT_FOUND. */
  organisationOf(id: ProjectId): Promise<OrganisationId>;
}

const COUNTS = {
  activeModel: { select: { id: true, number: true } },
  imageCounts: { select: { images: true } },
  caseCounts: { select: { open: true, inReview: true } },
  _count: { select: { categories: true, modelVersions: true } },
} as const satisfies Prisma.ProjectInclude;

export function projectsRepository({ client }: Scope): ProjectsRepository {
  return {
    async list(organisationId) {
      const rows = await client.project.findMany({
        where: { organizationId: organisationId },
        orderBy: { name: "asc" },
        include: COUNTS,
      });
      return rows.map(view);
    },

    async create({ organisationId, name, createdById }) {
      try {
        const row = await client.project.create({
          data: {
            organizationId: organisationId,
            name,
            createdById: await requireActor(client, { organisationId, userId: createdById }),
          },
          include: COUNTS,
        });
        return view(row);
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new AppError(
          "NAME_TAKEN",
          `Expected a new name, but there is a project "${name}" already. Choose another name.`,
          { name },
        );
      }
    },

    async require(id, organisationId) {
      const row = await client.project.findFirst({
        where: { id, organizationId: organisationId },
        include: COUNTS,
      });
      if (row === null) throw notFound("project", id);
      return view(row);
    },

    async organisationOf(id) {
      const row = await client.project.findUnique({
        where: { id },
        select: { organizationId: true },
      });
      if (row === null) throw notFound("project", id);
      return row.organizationId as OrganisationId;
    },
  };
}

function view(row: Prisma.ProjectGetPayload<{ include: typeof COUNTS }>): ProjectView {
  return {
    id: row.id as ProjectId,
    name: row.name,
    createdAt: row.createdAt,
    imageCount: row.imageCounts.reduce((sum, { images }) => sum + images, 0),
    categoryCount: row._count.categories,
    openCaseCount: row.caseCounts.reduce((sum, { open, inReview }) => sum + open + inReview, 0),
    modelCount: row._count.modelVersions,
    activeModel:
      row.activeModel === null
        ? null
        : {
            id: row.activeModel.id as ModelVersionId,
            number: row.activeModel.number,
            isRescoring: row.isRescoring,
          },
    eventSequence: row.eventSequence,
  };
}
