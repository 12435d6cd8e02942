import { ACTIVE_MODEL_RANK, type CaseRow } from "@loupe/contracts";

type Row = Pick<CaseRow, "modelVersionId" | "modelRank">;

/**
 * Positions in the queue at which the cases of another model version begin, and that say so.
 *
 * What the active version has scored comes first and goes without saying.
 */
export function versionBreaks(rows: readonly Row[]): ReadonlySet<number> {
  const breaks = new Set<number>();
  let before: Row | undefined;
  for (const [at, row] of rows.entries()) {
    const isOther = row.modelRank !== ACTIVE_MODEL_RANK;
    if (isOther && row.modelVersionId !== before?.modelVersionId) breaks.add(at);
    before = row;
  }
  return breaks;
}
