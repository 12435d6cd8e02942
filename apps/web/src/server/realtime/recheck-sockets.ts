import { can, projectRoom, type ProjectId, type Role, type UserId } from "@loupe/contracts";

import type { LiveContext } from "./live-context.ts";
import type { LiveSocket } from "./live-server.ts";
import { withdrawPresence } from "./share-presence.ts";

/**
 * Close the sockets whose session has ended, and those that joined a project
 * to which their person no longer has access, or has it in another role.
 *
 * A closed page asks again at once and then hears why it may not come in.
 * All sockets together cost two questions to the database, however many they are.
 */
export async function recheckSockets(live: LiveContext): Promise<void> {
  const sockets = [...live.io.of("/").sockets.values()];
  if (sockets.length === 0) return;
  // Sockets may leave and enter projects meanwhile; what is judged is what was asked about.
  const asked = sockets.map((socket) => ({ socket, projects: [...socket.data.projects] }));
  const [sessions, visits] = await Promise.all([
    currentSessions(live, sockets),
    allowedVisits(live, sockets),
  ]);
  for (const { socket, projects } of asked) {
    const { sessionId, user } = socket.data.signIn;
    const roles = projects.map((projectId) => visits.get(nameOf(user.id, projectId)));
    if (!sessions.has(sessionId)) {
      disconnect(live, socket, "its session has ended");
    } else if (roles.includes(undefined)) {
      disconnect(live, socket, "access to a project has ended");
    } else if (projects.some((projectId, at) => socket.data.roles.get(projectId) !== roles[at])) {
      disconnect(live, socket, "the role has changed");
    }
  }
}

async function currentSessions(
  { services }: LiveContext,
  sockets: readonly LiveSocket[],
): Promise<ReadonlySet<string>> {
  const ids = new Set(sockets.map((socket) => socket.data.signIn.sessionId));
  return new Set(await services.db.sessions.listCurrent([...ids]));
}

/** The role of everyone in each project that they have joined and may still see. */
async function allowedVisits(
  { services }: LiveContext,
  sockets: readonly LiveSocket[],
): Promise<ReadonlyMap<string, Role>> {
  const visits = new Map<string, { userId: UserId; projectId: ProjectId }>();
  for (const { data } of sockets) {
    for (const projectId of data.projects) {
      const userId = data.signIn.user.id;
      visits.set(nameOf(userId, projectId), { userId, projectId });
    }
  }
  if (visits.size === 0) return new Map();
  const found = await services.db.members.rolesOfVisits([...visits.values()]);
  const allowed = found.filter(({ role }) => can(role, "project:read"));
  return new Map(allowed.map(({ userId, projectId, role }) => [nameOf(userId, projectId), role]));
}

function nameOf(userId: UserId, projectId: ProjectId): string {
  return `${userId} ${projectId}`;
}

function disconnect(live: LiveContext, socket: LiveSocket, reason: string): void {
  live.logger.info({ userId: socket.data.signIn.user.id, reason }, "socket closed");
  for (const projectId of socket.data.projects) {
    withdrawPresence(live, socket, projectId);
    void socket.leave(projectRoom(projectId));
  }
  socket.data.projects.clear();
  socket.disconnect(true);
}
