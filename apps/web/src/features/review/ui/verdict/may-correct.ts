import { UNDO_WINDOW_MS, type CaseView, type UserId } from "@loupe/contracts";

/** Whether the decision that stands is one's own of a moment ago, which needs no reason to change. */
export function mayCorrect(
  { verdict }: Pick<CaseView, "verdict">,
  myId: UserId,
  nowMs: number,
): boolean {
  return (
    verdict !== null &&
    verdict.author.id === myId &&
    nowMs - verdict.createdAt.getTime() < UNDO_WINDOW_MS
  );
}
