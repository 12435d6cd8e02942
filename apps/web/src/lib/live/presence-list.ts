import { PRESENCE_EXPIRY_MS, type Presence } from "@loupe/contracts";

type Seen = Presence & { readonly seenAtMs: number };

/** Who is in the project by browser tab, with the time each was last heard of. */
export type PresenceList = ReadonlyMap<string, Seen>;

export function addPresence(list: PresenceList, presence: Presence, nowMs: number): PresenceList {
  const next = new Map(list);
  next.set(presence.connectionId, { ...presence, seenAtMs: nowMs });
  return next;
}

/** Returns the same list when the tab was not in it. */
export function removePresence(list: PresenceList, connectionId: string): PresenceList {
  if (!list.has(connectionId)) return list;
  const next = new Map(list);
  next.delete(connectionId);
  return next;
}

/** Without the tabs that have been silent for too long; the same list when there are none. */
export function dropExpired(list: PresenceList, nowMs: number): PresenceList {
  const alive = [...list].filter(([, seen]) => nowMs - seen.seenAtMs < PRESENCE_EXPIRY_MS);
  return alive.length === list.size ? list : new Map(alive);
}
