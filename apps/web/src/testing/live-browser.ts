import {
  ProjectEvent,
  type ClientToServerEvents,
  type JoinProjectReply,
  type Presence,
  type ProjectId,
  type ServerToClientEvents,
} from "@loupe/contracts";
import { io, type Socket } from "socket.io-client";

import { SITE, type Caller } from "./a-web-world.ts";

export type LiveOptions = {
  readonly origin?: string;
  readonly transports?: ("websocket" | "polling")[];
};

/** No answer at all; a busy machine may take seconds. */
const ANSWER_LIMIT_MS = 30_000;

/** One browser tab's socket, and what it has heard. */
export class LiveBrowser {
  readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  readonly events: ProjectEvent[] = [];
  readonly presence = new Map<string, Presence>();
  /** Why the server refused the connection. */
  refusal: string | null = null;

  constructor(url: string, caller: Caller, { origin = SITE, transports }: LiveOptions = {}) {
    this.socket = io(url, {
      transports: transports ?? ["websocket"],
      reconnection: false,
      forceNew: true,
      autoConnect: false,
      extraHeaders: { cookie: caller.cookie, ...(origin === "" ? {} : { origin }) },
    });
    this.socket.on("event", (event) => this.events.push(ProjectEvent.parse(event)));
    this.socket.on("presence", (seen) => this.presence.set(seen.connectionId, seen));
    this.socket.on("presence:gone", ({ connectionId }) => this.presence.delete(connectionId));
    this.socket.on("connect_error", (error) => (this.refusal = error.message));
  }

  /** Connected, or refused. */
  async connect(): Promise<this> {
    const answered = new Promise<void>((resolve) => {
      this.socket.once("connect", () => resolve());
      this.socket.once("connect_error", () => resolve());
    });
    this.socket.connect();
    await answered;
    return this;
  }

  join(projectId: ProjectId, afterSequence = 0): Promise<JoinProjectReply> {
    return this.socket
      .timeout(ANSWER_LIMIT_MS)
      .emitWithAck("project:join", { projectId, afterSequence });
  }

  get sequences(): number[] {
    return this.events.map((event) => event.sequence);
  }
}
