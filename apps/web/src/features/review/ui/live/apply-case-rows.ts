import type { CaseId, CasePage, CaseRow, CaseState, ListCasesInput } from "@loupe/contracts";

type Filter = Pick<ListCasesInput, "state" | "category" | "inspectionId">;
type Place = NonNullable<ListCasesInput["cursor"]>;
type QueuePage = Pick<CasePage, "rows" | "nextCursor">;

/** Cases as the server has them now; whoever was asked for and is not among the rows is gone. */
export type CaseNews = { readonly caseIds: readonly CaseId[]; readonly rows: readonly CaseRow[] };

const STATES: Readonly<Record<Filter["state"], readonly CaseState[]>> = {
  undecided: ["open", "in_review"],
  decided: ["decided"],
  all: ["open", "in_review", "decided"],
};

function fits(row: CaseRow, { state, category, inspectionId }: Filter): boolean {
  return (
    STATES[state].includes(row.state) &&
    (category === undefined || row.category === category) &&
    (inspectionId === undefined || row.inspectionId === inspectionId)
  );
}

/** The order of the queue, which is that of the server. */
export function compareInQueue(a: Place, b: Place): number {
  if (a.modelRank !== b.modelRank) return b.modelRank - a.modelRank;
  if (a.standardScore !== b.standardScore) return b.standardScore - a.standardScore;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/**
 * Bring cases that were read by id into loaded pages of the queue; the same object when they change
 * nothing there.
 *
 * A case goes where its score belongs and leaves where it no longer fits the filter. One that belongs
 * behind the last loaded page comes with that page, and a row that knows more than the news stays.
 */
export function applyCaseRows<P extends QueuePage>(
  pages: readonly P[],
  filter: Filter,
  { caseIds, rows }: CaseNews,
): readonly P[] {
  const news = new Map(rows.map((row) => [row.id, row]));
  const known = new Map(pages.flatMap((page) => page.rows.map((row) => [row.id, row] as const)));
  const named = new Set(caseIds);
  const moving = [...named].flatMap((id): CaseRow[] => {
    const row = news.get(id);
    const before = known.get(id);
    const newest = before !== undefined && row !== undefined && before.version > row.version;
    const next = newest ? before : row;
    return next !== undefined && fits(next, filter) ? [next] : [];
  });
  const next = pages.map((page, at) => {
    const start = pages[at - 1]?.nextCursor ?? null;
    const here = moving.filter(
      (row) =>
        (start === null || compareInQueue(row, start) > 0) &&
        (page.nextCursor === null || compareInQueue(row, page.nextCursor) <= 0),
    );
    const staying = page.rows.filter(({ id }) => !named.has(id));
    return withRows(page, [...staying, ...here].toSorted(compareInQueue));
  });
  return next.every((page, at) => page === pages[at]) ? pages : next;
}

function withRows<P extends QueuePage>(page: P, rows: CaseRow[]): P {
  const isSame =
    rows.length === page.rows.length && rows.every((row, at) => isSameRow(row, page.rows[at]));
  return isSame ? page : { ...page, rows };
}

/** Every change of a score or a verdict raises the version; where the case stands may change without. */
function isSameRow(row: CaseRow, other: CaseRow | undefined): boolean {
  return (
    row === other ||
    (row.id === other?.id &&
      row.version === other.version &&
      row.modelRank === other.modelRank &&
      row.inspectionId === other.inspectionId)
  );
}
