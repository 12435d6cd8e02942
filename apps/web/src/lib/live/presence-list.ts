import type { CaseId, Presence, PresenceUpdate, RunId } from "@loupe/contracts";

type Group = {
  /** By browser tab. */
  readonly tabs: ReadonlyMap<string, Presence>;
  /** How many people there are, also those of whom the server says no more. */
  readonly people: number;
};

/** Who else is there: in the project, and on the case or run that this tab looks at. */
export type PresenceList = {
  readonly project: Group;
  readonly focus: Group;
  readonly focusId: CaseId | RunId | null;
};

const NOBODY: Group = { tabs: new Map(), people: 0 };

export const EMPTY_PRESENCE: PresenceList = { project: NOBODY, focus: NOBODY, focusId: null };

/** This tab looks at something else; of that the server says in a moment who is there. */
export function lookAt(list: PresenceList, focusId: CaseId | RunId | null): PresenceList {
  return list.focusId === focusId ? list : { ...list, focusId, focus: NOBODY };
}

/** With what the server says. Of a case or run that this tab has left it may come late. */
export function applyPresence(list: PresenceList, update: PresenceUpdate): PresenceList {
  if (update.focusId === null) return { ...list, project: change(list.project, update) };
  if (update.focusId !== list.focusId) return list;
  return { ...list, focus: change(list.focus, update) };
}

function change(group: Group, { isWhole, here, gone, people }: PresenceUpdate): Group {
  const tabs = new Map(isWhole ? [] : group.tabs);
  for (const connectionId of gone) tabs.delete(connectionId);
  for (const presence of here) tabs.set(presence.connectionId, presence);
  return { tabs, people };
}

/** Everyone of whom the server has said something, but for one tab. */
export function listTabs({ project, focus }: PresenceList, except: string | undefined): Presence[] {
  const tabs = new Map([...project.tabs, ...focus.tabs]);
  if (except !== undefined) tabs.delete(except);
  return [...tabs.values()];
}
