import {
  PRESENCE_HEARTBEAT_MS,
  ProjectEvent,
  type JoinProjectReply,
  type Presence,
  type PresenceInput,
  type ProjectId,
} from "@loupe/contracts";

import { skipTo, startEventOrder, takeEvents, type EventOrder } from "./event-order.ts";
import type { LiveSocket } from "./live-socket.ts";
import { addPresence, dropExpired, removePresence, type PresenceList } from "./presence-list.ts";

/** `connecting` is the first connection of the page; `reconnecting` follows a loss. */
export type LiveState = "connecting" | "live" | "reconnecting" | "offline";

export type LiveSnapshot = {
  readonly state: LiveState;
  readonly sequence: number;
  /** Everyone in the project apart from this tab. */
  readonly others: readonly Presence[];
  /** After a loss: how many changes were caught up, until the message is taken down. */
  readonly caughtUp: number | null;
  /** Why the server turned the connection down, in its words. */
  readonly refusal: string | null;
};

type LiveOptions = {
  readonly projectId: ProjectId;
  /** Sequence number of the data that the page was built from. */
  readonly afterSequence: number;
  readonly openSocket: () => LiveSocket;
  /** New events, in order, each once. */
  readonly onEvents: (events: readonly ProjectEvent[]) => void;
  /** Too much was missed to replay: everything on the screen must be read again. */
  readonly onReset: () => void;
};

/** A loss shorter than this is not worth a banner; product rule: visible within 5 s. */
const OFFLINE_AFTER_MS = 3500;
/** An event that is still missing after this long is asked for. */
const GAP_PATIENCE_MS = 400;
const CAUGHT_UP_SHOWN_MS = 6000;
const JOIN_TIMEOUT_MS = 4000;

/**
 * One browser tab's live view of a project: joins with its last sequence number, fills the gap
 * after every loss, and knows how the connection is doing.
 */
export class LiveConnection {
  #socket: LiveSocket | null = null;
  #order: EventOrder<ProjectEvent>;
  #presence: PresenceList = new Map();
  #mine: Omit<PresenceInput, "projectId"> = { caseId: null, runId: null };
  #snapshot: LiveSnapshot;
  #isJoining = false;
  /** Where the page stood when the connection was lost; null once that has been made good and said. */
  #lostAt: number | null = null;
  readonly #listeners = new Set<() => void>();
  #offlineTimer: ReturnType<typeof setTimeout> | undefined;
  #gapTimer: ReturnType<typeof setTimeout> | undefined;
  #messageTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: LiveOptions) {
    this.#order = startEventOrder(options.afterSequence);
    this.#snapshot = {
      state: "connecting",
      sequence: options.afterSequence,
      others: [],
      caughtUp: null,
      refusal: null,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): LiveSnapshot => this.#snapshot;

  start(): void {
    if (this.#socket) return;
    const socket = this.options.openSocket();
    this.#socket = socket;
    socket.on("connect", () => this.#join());
    socket.on("disconnect", (reason) => {
      this.#lose();
      // The server hung up on purpose (session ended, role changed): ask again, and hear why.
      if (reason === "io server disconnect") socket.connect();
    });
    socket.on("connect_error", (error) => {
      this.#lose();
      // Without `active` the server said no; socket.io itself would not try again.
      if (!socket.active) {
        this.#update({ refusal: error.message, state: "offline" });
        setTimeout(() => this.#socket === socket && socket.connect(), 5000);
      }
    });
    socket.on("event", (event) => this.#receive([event]));
    socket.on("presence", (presence) => {
      this.#presence = addPresence(this.#presence, presence, Date.now());
      this.#publishPresence();
    });
    socket.on("presence:gone", ({ connectionId }) => {
      this.#presence = removePresence(this.#presence, connectionId);
      this.#publishPresence();
    });
    this.#heartbeat = setInterval(() => this.#beat(), PRESENCE_HEARTBEAT_MS);
    window.addEventListener("offline", this.#onBrowserOffline);
    window.addEventListener("online", this.#onBrowserOnline);
    this.#armOfflineTimer();
    socket.connect();
  }

  stop(): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    window.removeEventListener("offline", this.#onBrowserOffline);
    window.removeEventListener("online", this.#onBrowserOnline);
    clearInterval(this.#heartbeat);
    for (const timer of [this.#offlineTimer, this.#gapTimer, this.#messageTimer]) {
      clearTimeout(timer);
    }
    this.#offlineTimer = undefined;
    this.#gapTimer = undefined;
    if (socket.connected) socket.emit("project:leave", { projectId: this.options.projectId });
    socket.removeAllListeners();
    socket.disconnect();
    this.#isJoining = false;
  }

  /** Tell the others what this tab is looking at. */
  setPresence(mine: Omit<PresenceInput, "projectId">): void {
    if (mine.caseId === this.#mine.caseId && mine.runId === this.#mine.runId) return;
    this.#mine = mine;
    this.#sendPresence();
  }

  readonly #onBrowserOffline = (): void => {
    // The browser knows before any ping does. Closing the engine keeps socket.io's own retries.
    this.#socket?.io.engine.close();
    this.#lose();
  };

  readonly #onBrowserOnline = (): void => {
    const socket = this.#socket;
    if (socket && !socket.connected) socket.disconnect().connect();
  };

  #join(): void {
    const socket = this.#socket;
    if (!socket || this.#isJoining) return;
    this.#isJoining = true;
    const { projectId } = this.options;
    socket
      .timeout(JOIN_TIMEOUT_MS)
      .emit(
        "project:join",
        { projectId, afterSequence: this.#order.sequence },
        (timeout, reply) => {
          this.#isJoining = false;
          if (this.#socket !== socket) return;
          if (timeout) {
            if (socket.connected) this.#join();
            return;
          }
          this.#onJoined(reply);
        },
      );
  }

  #onJoined(reply: JoinProjectReply): void {
    if (!reply.ok) {
      this.#update({ refusal: reply.error, state: "offline" });
      return;
    }
    if (reply.isComplete) this.#receive(reply.events);
    else this.options.onReset();
    this.#order = skipTo(this.#order, reply.sequence);
    const nowMs = Date.now();
    this.#presence = new Map();
    for (const presence of reply.presence) {
      this.#presence = addPresence(this.#presence, presence, nowMs);
    }
    clearTimeout(this.#offlineTimer);
    this.#offlineTimer = undefined;
    this.#update({
      state: "live",
      refusal: null,
      sequence: this.#order.sequence,
      others: this.#listOthers(),
      caughtUp: this.#lostAt === null ? null : this.#order.sequence - this.#lostAt,
    });
    if (this.#lostAt !== null) {
      clearTimeout(this.#messageTimer);
      this.#messageTimer = setTimeout(() => {
        this.#lostAt = null;
        this.#update({ caughtUp: null });
      }, CAUGHT_UP_SHOWN_MS);
    }
    this.#sendPresence();
  }

  #receive(raw: readonly ProjectEvent[]): void {
    const { projectId, onEvents, onReset } = this.options;
    const { order, ready } = takeEvents(
      this.#order,
      raw.filter((event) => event.projectId === projectId),
    );
    this.#order = order;
    if (ready.length > 0) {
      // Dates travel as text. A server newer than this page may send events that it cannot read.
      const parsed = ready.map((event) => ProjectEvent.safeParse(event));
      onEvents(parsed.flatMap((result) => (result.success ? [result.data] : [])));
      if (parsed.some((result) => !result.success)) onReset();
      this.#update({ sequence: order.sequence });
    }
    if (order.early.size === 0) {
      clearTimeout(this.#gapTimer);
      this.#gapTimer = undefined;
    } else {
      this.#gapTimer ??= setTimeout(() => {
        this.#gapTimer = undefined;
        if (this.#order.early.size > 0) this.#join();
      }, GAP_PATIENCE_MS);
    }
  }

  #lose(): void {
    if (this.#snapshot.state === "live") {
      this.#lostAt ??= this.#order.sequence;
      clearTimeout(this.#messageTimer);
      this.#update({ state: "reconnecting", others: [], caughtUp: null });
    }
    this.#presence = new Map();
    this.#armOfflineTimer();
  }

  #armOfflineTimer(): void {
    this.#offlineTimer ??= setTimeout(() => {
      this.#offlineTimer = undefined;
      if (this.#snapshot.state !== "live") this.#update({ state: "offline" });
    }, OFFLINE_AFTER_MS);
  }

  #beat(): void {
    const alive = dropExpired(this.#presence, Date.now());
    if (alive !== this.#presence) {
      this.#presence = alive;
      this.#publishPresence();
    }
    this.#sendPresence();
  }

  #sendPresence(): void {
    if (this.#snapshot.state !== "live" || !this.#socket?.connected) return;
    this.#socket.emit("presence:set", { projectId: this.options.projectId, ...this.#mine });
  }

  #listOthers(): readonly Presence[] {
    const mine = this.#socket?.id;
    return [...this.#presence.values()].filter((presence) => presence.connectionId !== mine);
  }

  #publishPresence(): void {
    this.#update({ others: this.#listOthers() });
  }

  #update(change: Partial<LiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
