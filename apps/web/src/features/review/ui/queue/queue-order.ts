import type { CaseId, CaseRow } from "@loupe/contracts";

type Row = Pick<CaseRow, "id" | "state">;

/**
 * Where to go after a verdict: the next case that is still to decide, below first, then from the
 * top; null when there is none.
 *
 * @param skipped cases that are as good as decided: verdicts on their way
 */
export function nextUndecided(
  rows: readonly Row[],
  from: CaseId,
  skipped: ReadonlySet<CaseId>,
): CaseId | null {
  const at = rows.findIndex((row) => row.id === from);
  const isOpen = (row: Row) => row.state !== "decided" && row.id !== from && !skipped.has(row.id);
  return (
    (rows.slice(at + 1).find(isOpen) ?? rows.slice(0, Math.max(0, at)).find(isOpen))?.id ?? null
  );
}
