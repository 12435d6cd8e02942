import type { Presence } from "@loupe/contracts";

/** True when a tab's person looks at the same thing as before, under the same name. */
export function isSamePresence(a: Presence, b: Presence): boolean {
  return (
    a.caseId === b.caseId &&
    a.runId === b.runId &&
    a.user.id === b.user.id &&
    a.user.name === b.user.name &&
    a.user.site === b.user.site
  );
}
