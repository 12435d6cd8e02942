import { can, projectRoom, type ProjectId, type Role } from "@loupe/contracts";

import { readSignIn } from "../read-sign-in.ts";
import type { LiveContext } from "./live-context.ts";
import type { LiveSocket } from "./live-server.ts";
import { withdrawPresence } from "./share-presence.ts";
import { toHeaders } from "./to-headers.ts";

/**
 * Close the sockets whose session has ended, and those that joined a project
 * to which their person no longer has access, or has it in another role.
 *
 * A closed page asks again at once and then hears why it may not come in.
 * Tabs of one session, and of one person in one project, share a question.
 */
export async function recheckSockets(live: LiveContext): Promise<void> {
  const sessions = new Map<string, Promise<boolean>>();
  const roles = new Map<string, Promise<Role | null>>();
  await Promise.all(
    [...live.io.of("/").sockets.values()].map(async (socket) => {
      const { signIn, projects } = socket.data;
      const isSignedIn = await once(sessions, signIn.sessionId, () => hasSession(live, socket));
      if (!isSignedIn) {
        disconnect(live, socket, "its session has ended");
        return;
      }
      for (const projectId of projects) {
        const key = `${signIn.user.id} ${projectId}`;
        const role = await once(roles, key, () => readRole(live, socket, projectId));
        if (role === null) disconnect(live, socket, "access to a project has ended");
        else if (role !== socket.data.roles.get(projectId)) {
          disconnect(live, socket, "the role has changed");
        }
      }
    }),
  );
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  return answer;
}

async function hasSession(live: LiveContext, socket: LiveSocket): Promise<boolean> {
  const headers = toHeaders(socket.handshake.headers);
  return (await readSignIn(live.services.auth, headers)) !== null;
}

/** The role in which a socket's person may see a project; null when they may not. */
async function readRole(
  live: LiveContext,
  socket: LiveSocket,
  projectId: ProjectId,
): Promise<Role | null> {
  const userId = socket.data.signIn.user.id;
  const access = await live.services.db.members.accessToProject(userId, projectId);
  return access !== null && can(access.role, "project:read") ? access.role : null;
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
