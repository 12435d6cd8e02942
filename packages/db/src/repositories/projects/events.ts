import {
  type ProjectEvent,
  type ProjectEventBody,
  type ProjectId,
  readEventBody,
  type UserId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { requireProjectActor } from "../people/require-project-actor.ts";

export interface EventsRepository {
  /** Events after a sequence number, oldest first, at most `limit`. */
  listAfter(projectId: ProjectId, sequence: number, limit: number): Promise<ProjectEvent[]>;
  find(projectId: ProjectId, sequence: number): Promise<ProjectEvent | null>;
  /** The sequence number of the project's newest event, 0 before the first. Throws NOT_FOUND. */
  newestSequence(projectId: ProjectId): Promise<number>;
}

export interface EventsInTransaction extends EventsRepository {
  /**
   * Write an event with the project's next sequence number.
   *
   * The number is taken by raising it in the project's row, which this
   * transaction then holds until it ends: numbers come in the order of the
   * commits, and a rollback gives its number back. Without a person it is the system's.
   */
  append(projectId: ProjectId, body: ProjectEventBody, actorId?: UserId): Promise<ProjectEvent>;
}

export function eventsRepository({ client }: Scope): EventsInTransaction {
  return {
    async listAfter(projectId, sequence, limit) {
      const rows = await client.event.findMany({
        where: { projectId, sequence: { gt: sequence } },
        orderBy: { sequence: "asc" },
        take: limit,
      });
      return rows.map(view);
    },

    async find(projectId, sequence) {
      const row = await client.event.findUnique({
        where: { projectId_sequence: { projectId, sequence } },
      });
      return row === null ? null : view(row);
    },

    async newestSequence(projectId) {
      const row = await client.project.findUnique({
        where: { id: projectId },
        select: { eventSequence: true },
      });
      if (row === null) throw notFound("project", projectId);
      return row.eventSequence;
    },

    async append(projectId, body, userId) {
      const actorId = await requireProjectActor(client, projectId, userId ?? null);
      const [raised] = await client.$queryRaw<{ eventSequence: number }[]>`
        update "project" set "eventSequence" = "eventSequence" + 1
        where "id" = ${projectId}::uuid returning "eventSequence"`;
      if (raised === undefined) throw notFound("project", projectId);
      const row = await client.event.create({
        data: {
          projectId,
          sequence: raised.eventSequence,
          type: body.type,
          // Dates become texts here, as they would on the way to a browser.
          body: JSON.parse(JSON.stringify(body)) as Prisma.InputJsonObject,
          actorId,
        },
      });
      return view(row);
    },
  };
}

function view(row: { projectId: string; sequence: number; at: Date; body: unknown }): ProjectEvent {
  return {
    projectId: row.projectId as ProjectId,
    sequence: row.sequence,
    at: row.at,
    body: readEventBody(row.body),
  };
}
