import { focusRoom, PresenceInput, type Presence, type ProjectId } from "@loupe/contracts";

import type { LiveContext } from "./live-context.ts";
import type { LiveSocket } from "./live-server.ts";

/** A longer name is cut: many people must fit into one message between processes. */
const MAX_NAME_LENGTH = 100;

/** Note what a tab looks at, and tell it who else looks at the same. */
export function sharePresence(live: LiveContext, socket: LiveSocket, input: unknown): void {
  const parsed = PresenceInput.safeParse(input);
  if (!parsed.success || !socket.data.projects.has(parsed.data.projectId)) return;
  const { projectId } = parsed.data;
  const { id, name } = socket.data.signIn.user;
  const site = socket.data.sites.get(projectId) ?? null;
  const connectionId = socket.id;
  const before = live.presence.find({ projectId, connectionId });
  const presence: Presence = {
    ...parsed.data,
    connectionId,
    user: { id, name: [...name].slice(0, MAX_NAME_LENGTH).join(""), site },
  };
  live.presence.set(presence);

  const focusId = focusOf(presence);
  const focusBefore = before && focusOf(before);
  if (focusBefore !== null && focusBefore !== focusId) {
    void socket.leave(focusRoom(projectId, focusBefore));
  }
  if (focusId === null) return;
  socket.emit("presence", live.presence.whole({ projectId, focusId }));
  void socket.join(focusRoom(projectId, focusId));
}

/** A tab no longer looks at the project. */
export function withdrawPresence(
  live: LiveContext,
  socket: LiveSocket,
  projectId: ProjectId,
): void {
  const key = { projectId, connectionId: socket.id };
  const before = live.presence.find(key);
  if (before === null) return;
  live.presence.remove(key);
  const focusId = focusOf(before);
  if (focusId !== null) void socket.leave(focusRoom(projectId, focusId));
}

function focusOf({ caseId, runId }: Pick<Presence, "caseId" | "runId">) {
  return caseId ?? runId;
}
