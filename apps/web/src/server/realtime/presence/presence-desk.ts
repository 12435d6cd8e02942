import {
  PRESENCE_LIST_MS,
  type Presence,
  type PresenceKey,
  type PresenceMessage,
  type PresenceUpdate,
} from "@loupe/contracts";
import type { Logger } from "@loupe/platform";

import { PresenceInbox } from "./presence-inbox.ts";
import { PresenceOutbox } from "./presence-outbox.ts";
import type { RoomOf } from "./presence-room.ts";
import { PresenceRooms, type RoomListeners } from "./presence-rooms.ts";

export type PresenceDeskOptions = {
  /** No other web process, before or after, has this name. */
  readonly processId: string;
  readonly listeners: RoomListeners;
  /** Tell the other web processes. */
  readonly publish: (message: PresenceMessage) => Promise<void>;
  readonly logger: Pick<Logger, "warn">;
};

/** At most four batches of changes a second go to the other processes. */
const PUBLISH_EVERY_MS = 250;
/** After a failure it waits longer, and then tells everything. */
const PUBLISH_AGAIN_MS = 2_000;

/**
 * Keeps who is there: this process' own browsers, of which it tells the other processes, and
 * theirs, of which they tell it.
 *
 * A browser is present from when it says what it looks at until its socket closes. Nothing is
 * repeated: what is told are changes, gathered for a moment. `tick` is to be called often.
 */
export class PresenceDesk {
  readonly #outbox: PresenceOutbox;
  readonly #inbox = new PresenceInbox();
  readonly #rooms: PresenceRooms;
  #publishing: Promise<void> = Promise.resolve();
  #isPublishing = false;
  #publishAtMs = Number.NEGATIVE_INFINITY;
  #listAtMs = Number.NEGATIVE_INFINITY;
  /** The first list says hello even when it is empty: the others answer with theirs. */
  #hasToList = true;

  constructor(private readonly options: PresenceDeskOptions) {
    this.#outbox = new PresenceOutbox(options.processId);
    this.#rooms = new PresenceRooms(options.listeners);
  }

  find(key: PresenceKey): Presence | null {
    return this.#rooms.find(key);
  }

  /** A browser of this process says what it looks at. */
  set(presence: Presence): void {
    this.#outbox.set(presence);
    this.#rooms.set(presence);
  }

  /** A browser of this process looks at the project no longer. */
  remove(key: PresenceKey): void {
    if (this.#outbox.remove(key)) this.#rooms.remove(key);
  }

  whole(of: RoomOf): PresenceUpdate {
    return this.#rooms.whole(of);
  }

  /** Another process, or this one, has spoken on the bus. */
  hear(message: PresenceMessage, nowMs: number): void {
    if (message.processId === this.options.processId) return;
    if (!this.#inbox.knows(message.processId)) this.#hasToList = true;
    const { here, gone } = this.#inbox.accept(message, nowMs);
    for (const presence of here) this.#rooms.set(presence);
    for (const key of gone) this.#rooms.remove(key);
  }

  tick(nowMs: number): void {
    for (const key of this.#inbox.expire(nowMs)) this.#rooms.remove(key);
    this.#rooms.tell(nowMs);
    if (this.#isPublishing || nowMs < this.#publishAtMs) return;
    if (nowMs - this.#listAtMs >= PRESENCE_LIST_MS && !this.#outbox.isEmpty) this.#hasToList = true;
    const messages = this.#hasToList ? this.#outbox.takeList() : this.#outbox.takeChanges();
    if (this.#hasToList) this.#listAtMs = nowMs;
    this.#hasToList = false;
    if (messages.length === 0) return;
    this.#publishAtMs = nowMs + PUBLISH_EVERY_MS;
    this.#publishing = this.#publish(messages, nowMs);
  }

  /** Say that this process has nobody any more. */
  async close(): Promise<void> {
    await this.#publishing;
    this.#outbox.clear();
    await this.#publish(this.#outbox.takeList(), Number.POSITIVE_INFINITY);
  }

  async #publish(messages: readonly PresenceMessage[], nowMs: number): Promise<void> {
    this.#isPublishing = true;
    try {
      for (const message of messages) await this.options.publish(message);
    } catch (error) {
      this.options.logger.warn({ err: error }, "presence was not published");
      this.#hasToList = true;
      this.#publishAtMs = nowMs + PUBLISH_AGAIN_MS;
    } finally {
      this.#isPublishing = false;
    }
  }
}
