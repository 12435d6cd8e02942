import {
  focusRoom,
  projectRoom,
  type CaseId,
  type Presence,
  type PresenceKey,
  type PresenceUpdate,
  type ProjectId,
  type RunId,
} from "@loupe/contracts";

import { isSamePresence } from "./is-same-presence.ts";
import { presenceName } from "./presence-name.ts";
import { PresenceRoom, type RoomOf } from "./presence-room.ts";

export type RoomListeners = {
  /** How many browsers of this process are in a room. */
  readonly count: (room: string) => number;
  readonly tell: (room: string, update: PresenceUpdate) => void;
};

/** No room hears more often than this. */
const TELL_EVERY_MS = 500;
/** Large rooms hear more rarely, so that all browsers of a room together cost the same. */
const TELL_EVERY_MS_PER_LISTENER = 2;

/** Everyone who is present, on whichever web process, by project and by what they look at. */
export class PresenceRooms {
  readonly #present = new Map<string, Presence>();
  readonly #rooms = new Map<string, PresenceRoom>();
  /** Rooms with something to tell. */
  readonly #changed = new Set<string>();

  constructor(private readonly listeners: RoomListeners) {}

  find(key: PresenceKey): Presence | null {
    return this.#present.get(presenceName(key)) ?? null;
  }

  set(presence: Presence): void {
    const before = this.find(presence);
    if (before !== null && isSamePresence(before, presence)) return;
    this.#present.set(presenceName(presence), presence);
    const rooms = roomsOf(presence);
    if (before !== null) this.#leave(before, rooms);
    for (const [name, of] of rooms) {
      const room = this.#rooms.get(name) ?? new PresenceRoom(of);
      this.#rooms.set(name, room);
      room.put(presence);
      this.#changed.add(name);
    }
  }

  /** False when nobody knew of it. */
  remove(key: PresenceKey): boolean {
    const before = this.find(key);
    if (before === null) return false;
    this.#present.delete(presenceName(key));
    this.#leave(before, new Map());
    return true;
  }

  /** Who is in a project or on a case or run, for a browser that is about to enter its room. */
  whole(of: RoomOf): PresenceUpdate {
    const name = nameOf(of);
    const room = this.#rooms.get(name);
    if (room === undefined) return { ...of, isWhole: true, here: [], gone: [], people: 0 };
    // Nobody else has been told anything that this would have to agree with.
    if (this.listeners.count(name) === 0) room.takeChange();
    return room.whole();
  }

  /** Tell the rooms whose time has come what is new in them. */
  tell(nowMs: number): void {
    for (const name of this.#changed) {
      const room = this.#rooms.get(name);
      const listeners = this.listeners.count(name);
      if (room === undefined) {
        this.#changed.delete(name);
        continue;
      }
      const everyMs = Math.max(TELL_EVERY_MS, listeners * TELL_EVERY_MS_PER_LISTENER);
      if (listeners > 0 && nowMs - room.toldAtMs < everyMs) continue;
      this.#changed.delete(name);
      if (room.isEmpty) this.#rooms.delete(name);
      if (listeners === 0) continue;
      const update = room.takeChange();
      if (update === null) continue;
      room.toldAtMs = nowMs;
      this.listeners.tell(name, update);
    }
  }

  #leave(before: Presence, except: ReadonlyMap<string, RoomOf>): void {
    for (const name of roomsOf(before).keys()) {
      if (except.has(name)) continue;
      this.#rooms.get(name)?.remove(before.connectionId);
      this.#changed.add(name);
    }
  }
}

function roomsOf({ projectId, caseId, runId }: Presence): Map<string, RoomOf> {
  const rooms: RoomOf[] = [{ projectId, focusId: null }];
  for (const focusId of [caseId, runId]) if (focusId !== null) rooms.push({ projectId, focusId });
  return new Map(rooms.map((of) => [nameOf(of), of]));
}

function nameOf({ projectId, focusId }: { projectId: ProjectId; focusId: CaseId | RunId | null }) {
  return focusId === null ? projectRoom(projectId) : focusRoom(projectId, focusId);
}
