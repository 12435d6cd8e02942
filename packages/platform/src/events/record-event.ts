import type { ProjectEvent, ProjectEventBody, ProjectId, UserId } from "@loupe/contracts";

import type { SqlExecutor } from "../sql.ts";
import { publish } from "./publish.ts";

/** The part of a database transaction that events need. */
export type EventTransaction = {
  readonly sql: SqlExecutor;
  readonly events: {
    append(projectId: ProjectId, body: ProjectEventBody, actorId?: UserId): Promise<ProjectEvent>;
  };
};

export type RecordedEvent = {
  readonly projectId: ProjectId;
  readonly body: ProjectEventBody;
  readonly actorId?: UserId;
};

/**
 * Write an event in the transaction of the change that it reports, and tell everyone at its commit.
 *
 * Call it last: it holds the project's counter until the transaction ends.
 */
export async function recordEvent(
  tx: EventTransaction,
  { projectId, body, actorId }: RecordedEvent,
): Promise<ProjectEvent> {
  const event = await tx.events.append(projectId, body, actorId);
  await publish(tx.sql, { kind: "event", event });
  return event;
}
