import { type OrganisationId, type ProjectId, Role, type UserId } from "@loupe/contracts";

import type { Scope } from "../../scope.ts";

export type Membership = {
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  readonly role: Role;
  /** Name of the site where the person works; null for someone without one. */
  readonly site: string | null;
};

export type MemberView = {
  readonly userId: UserId;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly site: string | null;
  readonly joinedAt: Date;
};

export type ProjectAccess = Pick<Membership, "organisationId" | "role" | "site">;

/** Someone who wants to come near a project. */
export type Visit = { readonly userId: UserId; readonly projectId: ProjectId };

export type HeldAccessQuestion = {
  readonly userId: UserId;
  /** Null where nobody's session acts for the person. */
  readonly sessionId: string | null;
  readonly projectId: ProjectId;
};

export interface MembersRepository {
  /** The person's role in the organisation, or null for a stranger. */
  roleOf(userId: UserId, organisationId: OrganisationId): Promise<Role | null>;
  /** The organisations that a person belongs to, the oldest membership first. */
  membershipsOf(userId: UserId): Promise<Membership[]>;
  /** The one question that every door asks: may this person come near this project, and as what. */
  accessToProject(userId: UserId, projectId: ProjectId): Promise<ProjectAccess | null>;
  /** The same question for many at once; who may not come near is left out. */
  rolesOfVisits(visits: readonly Visit[]): Promise<(Visit & { readonly role: Role })[]>;
  /**
   * The same question at the end of something long, inside of a transaction:
   * the answer stays true until the transaction ends. A session that has ended
   * since, like that of somebody who was removed, has no access.
   */
  holdAccessToProject(question: HeldAccessQuestion): Promise<ProjectAccess | null>;
  /** Everyone of an organisation, by name. */
  list(organisationId: OrganisationId): Promise<MemberView[]>;
}

export function membersRepository({ client }: Scope): MembersRepository {
  const accessToProject: MembersRepository["accessToProject"] = async (userId, projectId) => {
    const row = await client.member.findFirst({
      where: { userId, organization: { projects: { some: { id: projectId } } } },
      select: { role: true, organizationId: true, site: { select: { name: true } } },
    });
    const role = row === null ? null : knownRole(row.role);
    if (row === null || role === null) return null;
    const organisationId = row.organizationId as OrganisationId;
    return { organisationId, role, site: row.site?.name ?? null };
  };

  return {
    async roleOf(userId, organisationId) {
      const row = await client.member.findUnique({
        where: { organizationId_userId: { organizationId: organisationId, userId } },
        select: { role: true },
      });
      return row === null ? null : knownRole(row.role);
    },

    async membershipsOf(userId) {
      const rows = await client.member.findMany({
        where: { userId },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
        include: { organization: { select: { name: true } }, site: { select: { name: true } } },
      });
      return rows.flatMap((row) => {
        const role = knownRole(row.role);
        if (role === null) return [];
        const organisationId = row.organizationId as OrganisationId;
        const organisationName = row.organization.name;
        return [{ organisationId, organisationName, role, site: row.site?.name ?? null }];
      });
    },

    accessToProject,

    async holdAccessToProject({ userId, sessionId, projectId }) {
      if (sessionId !== null) {
        const sessions = await client.$queryRaw<unknown[]>`
          select 1 from "session"
          where "id" = ${sessionId} and "userId" = ${userId} and "expiresAt" > now() for share`;
        if (sessions.length === 0) return null;
      }
      // Whoever removes the person, or changes the role, waits or is seen.
      await client.$queryRaw`
        select 1 from "member" m join "project" p on p."organizationId" = m."organizationId"
        where m."userId" = ${userId} and p."id" = ${projectId}::uuid for share of m`;
      return accessToProject(userId, projectId);
    },

    async rolesOfVisits(visits) {
      const userIds = visits.map((visit) => visit.userId);
      const projectIds = visits.map((visit) => visit.projectId);
      const rows = await client.$queryRaw<(Visit & { role: string })[]>`
        select visit."userId", visit."projectId", member."role"
        from unnest(${userIds}::text[], ${projectIds}::uuid[]) as visit("userId", "projectId")
        join "project" on "project"."id" = visit."projectId"
        join "member" on "member"."organizationId" = "project"."organizationId"
          and "member"."userId" = visit."userId"`;
      return rows.flatMap(({ role: text, ...visit }) => {
        const role = knownRole(text);
        return role === null ? [] : [{ ...visit, role }];
      });
    },

    async list(organisationId) {
      const rows = await client.member.findMany({
        where: { organizationId: organisationId },
        orderBy: [{ user: { name: "asc" } }, { id: "asc" }],
        include: {
          user: { select: { name: true, email: true } },
          site: { select: { name: true } },
        },
      });
      return rows.flatMap((row) => {
        const role = knownRole(row.role);
        if (role === null) return [];
        return [
          {
            userId: row.userId as UserId,
            name: row.user.name,
            email: row.user.email,
            role,
            site: row.site?.name ?? null,
            joinedAt: row.createdAt,
          },
        ];
      });
    },
  };
}

/** A role that our table does not know gives no rights, rather than some. */
function knownRole(role: string): Role | null {
  return Role.safeParse(role).data ?? null;
}
