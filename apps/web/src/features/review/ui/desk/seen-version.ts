import type { CaseView, UserId } from "@loupe/contracts";

/** A change must have been on the screen for this long to count as seen. */
export const SEEN_AFTER_MS = 1000;

export type Seen = { readonly caseId: CaseView["id"]; readonly version: number };

/**
 * The version that a person can be taken to have seen.
 *
 * A case is seen as it is when it is opened, and what one has done oneself, a verdict or its
 * withdrawal, is seen at once. A colleague's
 * counts only after a while: a key that was pressed as their verdict came in was meant for what
 * the screen had shown before, and is to be refused.
 *
 * @param seen what was last taken to be seen, null before the first case
 */
export function seenVersion(
  view: Pick<CaseView, "id" | "version" | "verdicts">,
  seen: Seen | null,
  myId: UserId,
): number {
  if (seen?.caseId !== view.id || isMyDoing(view, myId)) return view.version;
  return Math.min(seen.version, view.version);
}

/** Whether the newest change of the case is a verdict of one's own, or that one took it back. */
function isMyDoing({ version, verdicts }: Pick<CaseView, "version" | "verdicts">, myId: UserId) {
  return verdicts.some(
    ({ author, seenVersion: basis, withdrawnAt }) =>
      author.id === myId && version === basis + (withdrawnAt === null ? 1 : 2),
  );
}
