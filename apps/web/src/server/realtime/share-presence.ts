import { PresenceInput, type BusMessage, type ProjectId } from "@loupe/contracts";
import { publish } from "@loupe/platform";

import type { LiveContext } from "./live-context.ts";
import type { LiveSocket } from "./live-server.ts";

/** Tell everyone in the project, on every web process, what a tab looks at. */
export function sharePresence(live: LiveContext, socket: LiveSocket, input: unknown): void {
  const parsed = PresenceInput.safeParse(input);
  if (!parsed.success || !socket.data.projects.has(parsed.data.projectId)) return;
  const { id, name } = socket.data.signIn.user;
  const site = socket.data.sites.get(parsed.data.projectId) ?? null;
  socket.data.presentIn.add(parsed.data.projectId);
  publishInOrder(live, socket, {
    kind: "presence",
    presence: { ...parsed.data, connectionId: socket.id, user: { id, name, site } },
  });
}

/** Tell everyone that a tab no longer looks at the project. */
export function withdrawPresence(
  live: LiveContext,
  socket: LiveSocket,
  projectId: ProjectId,
): void {
  if (!socket.data.presentIn.delete(projectId)) return;
  publishInOrder(live, socket, { kind: "presence-gone", projectId, connectionId: socket.id });
}

function publishInOrder(live: LiveContext, socket: LiveSocket, message: BusMessage): void {
  socket.data.publishing = socket.data.publishing
    .then(() => publish(live.services.db.pool, message))
    // Presence repeats itself and expires: a lost message heals within seconds.
    .catch((error: unknown) => live.logger.warn({ err: error }, "presence was not published"));
}
