import {
  PRESENCE_EXPIRY_MS,
  type Presence,
  type PresenceKey,
  type PresenceMessage,
} from "@loupe/contracts";

import { presenceName } from "./presence-name.ts";

/** The last word about a tab; it stays as "gone" until a newer list has been read. */
type Word = { readonly version: number; readonly key: PresenceKey; readonly isHere: boolean };

type ListSoFar = {
  readonly version: number;
  readonly read: Set<number>;
  readonly names: Set<string>;
};

type OtherProcess = {
  heardAtMs: number;
  /** Version of the newest list that was read wholly: older words count no more. */
  floor: number;
  list: ListSoFar | null;
  readonly words: Map<string, Word>;
};

export type PresenceChanges = { readonly here: Presence[]; readonly gone: PresenceKey[] };

/**
 * What the other web processes say of their browsers.
 *
 * Messages may be lost, doubled or swapped: each process numbers its own, and after the newest
 * list of a process we know exactly whom it has.
 */
export class PresenceInbox {
  readonly #processes = new Map<string, OtherProcess>();

  knows(processId: string): boolean {
    return this.#processes.has(processId);
  }

  accept(message: PresenceMessage, nowMs: number): PresenceChanges {
    const process = this.#processOf(message.processId);
    process.heardAtMs = nowMs;
    const changes: PresenceChanges = { here: [], gone: [] };
    const { version, list } = message;
    if (version <= process.floor) return changes;
    for (const presence of message.here) {
      if (note(process, presence, { version, isHere: true })) changes.here.push(presence);
    }
    for (const key of message.gone) {
      const wasHere = process.words.get(presenceName(key))?.isHere ?? false;
      if (note(process, key, { version, isHere: false }) && wasHere) changes.gone.push(key);
    }
    if (list !== null) changes.gone.push(...readList(process, message, list));
    return changes;
  }

  /** Forget the processes that have been silent for too long, and say whom they had. */
  expire(nowMs: number): PresenceKey[] {
    const gone: PresenceKey[] = [];
    for (const [processId, process] of this.#processes) {
      if (nowMs - process.heardAtMs < PRESENCE_EXPIRY_MS) continue;
      this.#processes.delete(processId);
      for (const { key, isHere } of process.words.values()) if (isHere) gone.push(key);
    }
    return gone;
  }

  #processOf(processId: string): OtherProcess {
    const known = this.#processes.get(processId);
    if (known !== undefined) return known;
    const process: OtherProcess = { heardAtMs: 0, floor: 0, list: null, words: new Map() };
    this.#processes.set(processId, process);
    return process;
  }
}

/** False when a newer word about the tab has been heard. */
function note(
  { words }: OtherProcess,
  { projectId, connectionId }: PresenceKey,
  { version, isHere }: Pick<Word, "version" | "isHere">,
): boolean {
  const key = { projectId, connectionId };
  const name = presenceName(key);
  if (version <= (words.get(name)?.version ?? 0)) return false;
  words.set(name, { version, key, isHere });
  return true;
}

/** Take a page of a list in; with its last page, whoever was on none of them is gone. */
function readList(
  process: OtherProcess,
  { version, here }: PresenceMessage,
  { page, pages }: NonNullable<PresenceMessage["list"]>,
): PresenceKey[] {
  if (process.list === null || process.list.version < version) {
    process.list = { version, read: new Set(), names: new Set() };
  }
  const { list, words } = process;
  if (list.version > version) return [];
  list.read.add(page);
  for (const presence of here) list.names.add(presenceName(presence));
  if (list.read.size < pages) return [];

  process.floor = version;
  process.list = null;
  const gone: PresenceKey[] = [];
  for (const [name, word] of words) {
    if (word.version > version || (word.isHere && list.names.has(name))) continue;
    words.delete(name);
    if (word.isHere) gone.push(word.key);
  }
  return gone;
}
