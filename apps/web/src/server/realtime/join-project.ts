import { enterProject } from "@loupe/application";
import { JoinProjectInput, projectRoom, type JoinProjectReply } from "@loupe/contracts";

import { callerOf } from "../caller-of.ts";
import { describeFailure } from "../describe-failure.ts";
import type { LiveContext } from "./live-context.ts";
import type { LiveSocket } from "./live-server.ts";

/** More projects than a person looks at in one tab. */
const MAX_PROJECTS = 20;

export type JoinCall = {
  readonly input: unknown;
  readonly reply: (answer: JoinProjectReply) => void;
};

/**
 * Let a tab into a project's room, with the events that it missed and who is there.
 *
 * The reply is sent in the moment of entering: what comes after it in the
 * room's order also reaches the browser after it.
 */
export async function joinProject(
  live: LiveContext,
  socket: LiveSocket,
  { input, reply }: JoinCall,
): Promise<void> {
  const refuse = (message: string): void =>
    reply({ ok: false, error: { code: "BAD_INPUT", message, details: {} } });
  const parsed = JoinProjectInput.safeParse(input);
  if (!parsed.success) return refuse("Expected a project and a sequence number.");
  const { projectId, afterSequence } = parsed.data;
  const { projects, signIn } = socket.data;
  if (projects.size >= MAX_PROJECTS && !projects.has(projectId)) {
    return refuse(`Expected at most ${MAX_PROJECTS} projects in one tab.`);
  }
  try {
    const { role, site } = await enterProject(callerOf(signIn), live.services.db, {
      projectId,
      action: "project:read",
    });
    socket.data.roles.set(projectId, role);
    socket.data.sites.set(projectId, site);
    await live.hub.join(projectId, afterSequence, (gap) => {
      if (!socket.connected) return;
      projects.add(projectId);
      const presence = live.presence.whole({ projectId, focusId: null });
      void socket.join(projectRoom(projectId));
      reply({ ok: true, ...gap, presence });
    });
  } catch (error) {
    const failure = describeFailure(error, socket.id);
    if (failure.code === null) live.logger.error({ err: error, projectId }, "join failed");
    reply({ ok: false, error: failure });
  }
}
