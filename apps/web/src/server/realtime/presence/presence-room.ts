import {
  PRESENCE_SHOWN_TABS,
  type CaseId,
  type Presence,
  type PresenceUpdate,
  type ProjectId,
  type RunId,
  type UserId,
} from "@loupe/contracts";

import { isSamePresence } from "./is-same-presence.ts";

export type RoomOf = { readonly projectId: ProjectId; readonly focusId: CaseId | RunId | null };

/**
 * Who is in a project or on one of its cases or runs, and what browsers have been told of that.
 *
 * They hear of the tabs that have been there longest, so that the choice is the same for all and
 * hardly ever changes, and of everyone else as a count: what one browser hears does not grow with
 * the number of people.
 */
export class PresenceRoom {
  readonly #tabs = new Map<string, Presence>();
  readonly #tabsOfPerson = new Map<UserId, number>();
  #told: ReadonlyMap<string, Presence> = new Map();
  #toldPeople = 0;
  /** When browsers were last told something, on the clock of whoever tells. */
  toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly of: RoomOf) {}

  get isEmpty(): boolean {
    return this.#tabs.size === 0;
  }

  put(presence: Presence): void {
    if (!this.#tabs.has(presence.connectionId)) this.#count(presence.user.id, 1);
    this.#tabs.set(presence.connectionId, presence);
  }

  remove(connectionId: string): void {
    const presence = this.#tabs.get(connectionId);
    if (presence === undefined) return;
    this.#tabs.delete(connectionId);
    this.#count(presence.user.id, -1);
  }

  /** What those who are in have been told, for one who enters: the next change fits both. */
  whole(): PresenceUpdate {
    const here = [...this.#told.values()];
    return { ...this.of, isWhole: true, here, gone: [], people: this.#toldPeople };
  }

  /** What is new since the last call; null when that is nothing. */
  takeChange(): PresenceUpdate | null {
    const before = this.#told;
    const shown = this.#shown();
    const people = this.#tabsOfPerson.size;
    const here = [...shown.values()].filter((presence) => {
      const known = before.get(presence.connectionId);
      return known === undefined || !isSamePresence(known, presence);
    });
    const gone = [...before.keys()].filter((connectionId) => !shown.has(connectionId));
    if (here.length === 0 && gone.length === 0 && people === this.#toldPeople) return null;
    this.#told = shown;
    this.#toldPeople = people;
    return { ...this.of, isWhole: false, here, gone, people };
  }

  #shown(): Map<string, Presence> {
    const shown = new Map<string, Presence>();
    for (const [connectionId, presence] of this.#tabs) {
      if (shown.size === PRESENCE_SHOWN_TABS) break;
      shown.set(connectionId, presence);
    }
    return shown;
  }

  #count(userId: UserId, change: 1 | -1): void {
    const tabs = (this.#tabsOfPerson.get(userId) ?? 0) + change;
    if (tabs === 0) this.#tabsOfPerson.delete(userId);
    else this.#tabsOfPerson.set(userId, tabs);
  }
}
