import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import {
  ProjectEvent,
  type ClientToServerEvents,
  type JoinProjectReply,
  type ProjectEventBody,
  type ProjectId,
  type ServerToClientEvents,
} from "@loupe/contracts";
import { Server } from "socket.io";

type LineServer = Server<ClientToServerEvents, ServerToClientEvents>;

const QUIET_MS = 600_000;

/**
 * The server's end of live updates as a line can be at its worst: what is told comes twice, late or
 * not at all, the server goes away and comes again. What projects have come to outlives it.
 */
export class LiveLine {
  /** The stored events of each project. */
  readonly history = new Map<ProjectId, ProjectEvent[]>();
  /** What each join was asked with. */
  readonly joins: { projectId: ProjectId; afterSequence: number }[] = [];
  /** Answers in place of the usual one, the next first. */
  readonly nextReplies: JoinProjectReply[] = [];
  /** Errors for whoever knocks, the next first. */
  readonly nextRefusals: Error[] = [];
  #port = 0;
  #http: ReturnType<typeof createServer> | null = null;
  #io: LineServer | null = null;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get io(): LineServer {
    if (this.#io === null) throw new Error("Expected a server that has been opened, it is closed");
    return this.#io;
  }

  /** @param pingMs how often it gives a sign of life of its own */
  async open({ pingMs = QUIET_MS } = {}): Promise<void> {
    const http = createServer();
    const io: LineServer = new Server(http, { pingInterval: pingMs, pingTimeout: QUIET_MS });
    io.use((_socket, next) => next(this.nextRefusals.shift()));
    io.on("connection", (socket) => {
      socket.on("project:join", (input, reply) => {
        this.joins.push(input);
        reply(this.nextReplies.shift() ?? this.#replyTo(input));
      });
    });
    await new Promise<void>((resolve) => http.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
    this.#io = io;
  }

  async close(): Promise<void> {
    this.#http?.closeAllConnections();
    await this.#io?.close();
    this.#io = null;
    this.#http = null;
  }

  /** Something happens, and nobody is told yet. */
  record(projectId: ProjectId, body: ProjectEventBody): ProjectEvent {
    const events = this.history.get(projectId) ?? [];
    const sequence = events.length + 1;
    const event = ProjectEvent.parse({ projectId, sequence, at: new Date(0), body });
    this.history.set(projectId, [...events, event]);
    return event;
  }

  /** Send events to every browser, also to those who are in another project. */
  tell(...events: ProjectEvent[]): void {
    for (const event of events) this.io.emit("event", event);
  }

  #replyTo({ projectId, afterSequence }: { projectId: ProjectId; afterSequence: number }) {
    const events = this.history.get(projectId) ?? [];
    return {
      ok: true as const,
      events: events.slice(afterSequence),
      sequence: events.length,
      presence: { projectId, focusId: null, isWhole: true, here: [], gone: [], people: 1 },
      isComplete: true,
    };
  }
}
