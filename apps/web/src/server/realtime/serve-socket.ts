import {
  type Failure,
  JoinProjectInput,
  projectRoom,
  type JoinProjectReply,
} from "@loupe/contracts";

import { joinProject } from "./join-project.ts";
import type { LiveContext } from "./live-context.ts";
import type { LiveSocket } from "./live-server.ts";
import { sharePresence, withdrawPresence } from "./share-presence.ts";

/** A flood this long is no page of ours. */
const MAX_EXCESS_MESSAGES = 200;

const LeaveInput = JoinProjectInput.pick({ projectId: true });

/** Everything that a browser may send; what is not named here is dropped. */
const KNOWN_EVENTS: readonly string[] = ["project:join", "project:leave", "presence:set"];

/** Answer one tab's messages until it goes away. */
export function serveSocket(live: LiveContext, socket: LiveSocket): void {
  socket.use(([event, ...args], next) => {
    const excess = socket.data.budget.take(live.now());
    if (excess > MAX_EXCESS_MESSAGES) {
      live.logger.warn({ userId: socket.data.signIn.user.id }, "socket closed: flood");
      socket.disconnect(true);
    } else if (excess > 0) {
      answerFlood(args.at(-1));
    } else if (KNOWN_EVENTS.includes(event)) {
      next();
    }
  });

  socket.on("project:join", (input, reply) => {
    if (typeof reply !== "function") return;
    void joinProject(live, socket, { input, reply });
  });
  socket.on("project:leave", (input) => {
    const parsed = LeaveInput.safeParse(input);
    if (!parsed.success) return;
    const { projectId } = parsed.data;
    socket.data.projects.delete(projectId);
    void socket.leave(projectRoom(projectId));
    withdrawPresence(live, socket, projectId);
  });
  socket.on("presence:set", (input) => sharePresence(live, socket, input));
  socket.on("disconnect", () => {
    for (const projectId of socket.data.projects) withdrawPresence(live, socket, projectId);
  });
}

function answerFlood(reply: unknown): void {
  if (typeof reply !== "function") return;
  const message = "Too many messages. Wait a second.";
  const error: Failure = { code: "TOO_MANY_REQUESTS", message, details: {} };
  const answer: JoinProjectReply = { ok: false, error };
  (reply as (answer: JoinProjectReply) => void)(answer);
}
