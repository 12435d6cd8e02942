import {
  ProjectEvent,
  ProjectTelemetry,
  type HandshakeRefusal,
  type JoinProjectReply,
  type PresenceInput,
  type ProjectId,
} from "@loupe/contracts";

import { systemClock, type Clock } from "../clock.ts";
import { lineState, SILENCE_LIMIT_MS, type LineSigns } from "./line-state.ts";
import { skipTo, startEventOrder, takeEvents, type EventOrder } from "./event-order.ts";
import { startSnapshot, type LiveSnapshot } from "./live-snapshot.ts";
import type { LiveSocket } from "./live-socket.ts";
import {
  applyPresence,
  EMPTY_PRESENCE,
  listTabs,
  lookAt,
  type PresenceList,
} from "./presence-list.ts";
import { Waits } from "./waits.ts";

type LiveOptions = {
  readonly projectId: ProjectId;
  /** Sequence number of the data that the page was built from. */
  readonly afterSequence: number;
  readonly openSocket: () => LiveSocket;
  /** New events, in order, each once. */
  readonly onEvents: (events: readonly ProjectEvent[]) => void;
  /** How far work is; some of it may come twice, late or never. */
  readonly onTelemetry?: (news: ProjectTelemetry) => void;
  /** The page is let in, again after a loss: telemetry from before then may not have come. */
  readonly onJoined?: () => void;
  /** Too much was missed to replay: everything on the screen must be read again. */
  readonly onReset: () => void;
  /** The clock by which silence, gaps and new attempts are measured. */
  readonly clock?: Clock;
};

/** What a connection waits for: signs of life, to ask again, to join again, what is missing, to say less. */
type Awaited = "silence" | "ask" | "join" | "gap" | "message";

/** An event that is still missing after this long is asked for. */
const GAP_PATIENCE_MS = 400;
const CAUGHT_UP_SHOWN_MS = 6000;
const JOIN_TIMEOUT_MS = 4000;
/** How often a page asks again that the server could not let in for want of its database. */
const JOIN_AGAIN_AFTER_MS = 2000;
/** How long a page that was turned away waits before it asks again. */
const ASK_AGAIN_AFTER_MS = 5000;

/**
 * One browser tab's live view of a project: joins with its last sequence number, fills the gap
 * after every loss, and knows how the connection is doing.
 */
export class LiveConnection {
  #socket: LiveSocket | null = null;
  #order: EventOrder<ProjectEvent>;
  #presence: PresenceList = EMPTY_PRESENCE;
  #mine: Omit<PresenceInput, "projectId"> = { caseId: null, runId: null };
  #snapshot: LiveSnapshot;
  #isPresenceDue = false;
  #isJoining = false;
  /** Where the page stood when the connection was lost; null once that has been made good and said. */
  #lostAt: number | null = null;
  #signs: LineSigns = { isJoined: false, hasBeenLive: false, isRefused: false, lastSignMs: 0 };
  readonly #listeners = new Set<() => void>();
  readonly #clock: Clock;
  readonly #waits: Waits<Awaited>;

  constructor(private readonly options: LiveOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#order = startEventOrder(options.afterSequence);
    this.#waits = new Waits(this.#clock);
    this.#snapshot = startSnapshot(options.afterSequence);
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
      this.#update({ isDatabaseUp: true });
      this.#lose();
      // The server hung up on purpose (session ended, role changed): ask again, and hear why.
      if (reason === "io server disconnect") socket.connect();
    });
    socket.on("connect_error", (error) => {
      this.#lose();
      // Without `active` the server said no; socket.io itself would not try again.
      if (socket.active) return;
      const isPassing = isPassingRefusal(error);
      if (isPassing) this.#update({ isDatabaseUp: false });
      else this.#refuse(error.message);
      const afterMs = isPassing ? JOIN_AGAIN_AFTER_MS : ASK_AGAIN_AFTER_MS;
      this.#waits.set("ask", () => socket.connect(), afterMs);
    });
    socket.io.on("ping", this.#onSign);
    socket.on("health", ({ isDatabaseUp }) => {
      this.#update({ isDatabaseUp });
      if (isDatabaseUp) return this.#join();
      this.#lose();
      this.#joinLater();
    });
    socket.on("event", (event) => this.#receive([event]));
    socket.on("telemetry", (raw) => {
      const { data: news } = ProjectTelemetry.safeParse(raw);
      if (news?.projectId === this.options.projectId) this.options.onTelemetry?.(news);
    });
    socket.on("presence", (update) => {
      if (update.projectId !== this.options.projectId) return;
      this.#presence = applyPresence(this.#presence, update);
      this.#update(this.#whoIsThere());
    });
    window.addEventListener("offline", this.#onBrowserOffline);
    window.addEventListener("online", this.#onBrowserOnline);
    this.#sign({ lastSignMs: this.#clock.nowMs() });
    socket.connect();
  }

  stop(): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    window.removeEventListener("offline", this.#onBrowserOffline);
    window.removeEventListener("online", this.#onBrowserOnline);
    this.#waits.callOffAll();
    if (socket.connected) socket.emit("project:leave", { projectId: this.options.projectId });
    socket.removeAllListeners();
    socket.io.off("ping", this.#onSign);
    socket.disconnect();
    this.#signs = { ...this.#signs, isJoined: false };
    this.#isJoining = false;
  }

  /** Tell the others what this tab is looking at. */
  setPresence(mine: Omit<PresenceInput, "projectId">): void {
    if (mine.caseId === this.#mine.caseId && mine.runId === this.#mine.runId) return;
    this.#mine = mine;
    this.#presence = lookAt(this.#presence, mine.caseId ?? mine.runId);
    if (this.#isPresenceDue) return;
    this.#isPresenceDue = true;
    // A page that gives way to another says "nothing" and the other's case in one go: only that is sent.
    queueMicrotask(() => {
      this.#isPresenceDue = false;
      this.#sendPresence();
    });
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
    if (!reply.ok && reply.error.code === "UNAVAILABLE") {
      this.#update({ isDatabaseUp: false });
      this.#lose();
      this.#joinLater();
      return;
    }
    if (!reply.ok) return this.#refuse(reply.error.message);
    if (reply.isComplete) this.#receive(reply.events);
    else this.options.onReset();
    this.#order = skipTo(this.#order, reply.sequence);
    this.#presence = applyPresence(this.#nobody(), reply.presence);
    this.#update({
      refusal: null,
      isDatabaseUp: true,
      sequence: this.#order.sequence,
      ...this.#whoIsThere(),
      caughtUp: this.#lostAt === null ? null : this.#order.sequence - this.#lostAt,
    });
    this.#sign({
      isJoined: true,
      hasBeenLive: true,
      isRefused: false,
      lastSignMs: this.#clock.nowMs(),
    });
    if (this.#lostAt !== null) {
      const sayNoMore = (): void => {
        this.#lostAt = null;
        this.#update({ caughtUp: null });
      };
      this.#waits.set("message", sayNoMore, CAUGHT_UP_SHOWN_MS);
    }
    this.#sendPresence();
    this.options.onJoined?.();
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
      this.#waits.callOff("gap");
    } else if (!this.#waits.has("gap")) {
      const askForIt = (): void => {
        if (this.#order.early.size > 0) this.#join();
      };
      this.#waits.set("gap", askForIt, GAP_PATIENCE_MS);
    }
  }

  #lose(): void {
    if (this.#signs.isJoined) {
      this.#lostAt ??= this.#order.sequence;
      this.#waits.callOff("message");
      this.#presence = this.#nobody();
      this.#update({ ...this.#whoIsThere(), caughtUp: null });
    }
    this.#sign({ isJoined: false });
  }

  #refuse(refusal: string): void {
    this.#update({ refusal });
    this.#sign({ isJoined: false, isRefused: true });
  }

  #joinLater(): void {
    if (this.#waits.has("join")) return;
    const tryAgain = (): void => {
      if (this.#signs.isJoined || !this.#socket?.connected) return;
      this.#join();
      this.#joinLater();
    };
    this.#waits.set("join", tryAgain, JOIN_AGAIN_AFTER_MS);
  }

  /** Pings come while the server is there; they count only for a page that it has let in. */
  readonly #onSign = (): void => {
    if (this.#signs.isJoined) this.#sign({ lastSignMs: this.#clock.nowMs() });
  };

  /** Note what is known of the line, and look again when it would be silent for too long. */
  #sign(change: Partial<LineSigns>): void {
    this.#signs = { ...this.#signs, ...change };
    const nowMs = this.#clock.nowMs();
    const state = lineState(this.#signs, nowMs);
    if (state !== this.#snapshot.state) this.#update({ state });
    const leftMs = this.#signs.lastSignMs + SILENCE_LIMIT_MS - nowMs;
    if (leftMs > 0) this.#waits.set("silence", () => this.#sign({}), leftMs);
    else this.#waits.callOff("silence");
  }

  #sendPresence(): void {
    if (this.#snapshot.state !== "live" || !this.#socket?.connected) return;
    this.#socket.emit("presence:set", { projectId: this.options.projectId, ...this.#mine });
  }

  #nobody(): PresenceList {
    return lookAt(EMPTY_PRESENCE, this.#mine.caseId ?? this.#mine.runId);
  }

  #whoIsThere(): Pick<LiveSnapshot, "others" | "people" | "peopleOnFocus"> {
    return {
      others: listTabs(this.#presence, this.#socket?.id),
      people: this.#presence.project.people,
      peopleOnFocus: this.#presence.focus.people,
    };
  }

  #update(change: Partial<LiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function isPassingRefusal(error: Error): boolean {
  const { data } = error as Error & { data?: HandshakeRefusal };
  return data?.error.code === "UNAVAILABLE";
}
