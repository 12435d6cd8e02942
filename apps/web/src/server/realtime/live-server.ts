import type { ClientToServerEvents, ProjectId, Role, ServerToClientEvents } from "@loupe/contracts";
import type { Server, Socket } from "socket.io";

import type { SignIn } from "../context.ts";
import type { MessageBudget } from "./message-budget.ts";

/** What the server remembers of one browser tab. */
export type SocketData = {
  signIn: SignIn;
  /** Projects that it has joined; left when access ends. */
  projects: Set<ProjectId>;
  /** What its person may do, by project, as it was when the tab joined. */
  roles: Map<ProjectId, Role>;
  /** Where its person works, by project, as it was when the tab joined. */
  sites: Map<ProjectId, string | null>;
  budget: MessageBudget;
};

type NoServerEvents = Record<never, never>;

export type LiveServer = Server<
  ClientToServerEvents,
  ServerToClientEvents,
  NoServerEvents,
  SocketData
>;
export type LiveSocket = Socket<
  ClientToServerEvents,
  ServerToClientEvents,
  NoServerEvents,
  SocketData
>;
