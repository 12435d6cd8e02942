import {
  ProjectEvent,
  ProjectTelemetry,
  type ClientToServerEvents,
  type JoinProjectReply,
  type Presence,
  type PresenceUpdate,
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
  readonly telemetry: ProjectTelemetry[] = [];
  /** Who is there, by connection: in the project, and on what this tab looks at. */
  readonly presence = new Map<string, Presence>();
  readonly onFocus = new Map<string, Presence>();
  people = 0;
  /** How many messages about presence have come. */
  presenceMessages = 0;
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
    this.socket.on("telemetry", (news) => this.telemetry.push(ProjectTelemetry.parse(news)));
    this.socket.on("presence", (update) => {
      this.presenceMessages++;
      this.#note(update);
    });
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

  async join(projectId: ProjectId, afterSequence = 0): Promise<JoinProjectReply> {
    const input = { projectId, afterSequence };
    const answer: unknown = await this.socket
      .timeout(ANSWER_LIMIT_MS)
      .emitWithAck("project:join", input);
    const reply = answer as JoinProjectReply;
    if (reply.ok) this.#note(reply.presence);
    return reply;
  }

  get sequences(): number[] {
    return this.events.map((event) => event.sequence);
  }

  #note({ focusId, isWhole, here, gone, people }: PresenceUpdate): void {
    const known = focusId === null ? this.presence : this.onFocus;
    if (isWhole) known.clear();
    for (const connectionId of gone) known.delete(connectionId);
    for (const presence of here) known.set(presence.connectionId, presence);
    if (focusId === null) this.people = people;
  }
}
