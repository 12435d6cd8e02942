import type { CaseRow, CaseView, ProjectEventBody } from "@loupe/contracts";

/** What a case has come to, by a verdict or by one that was taken back. */
export type CaseStep = Pick<CaseRow, "state" | "version" | "verdict"> & {
  readonly caseId: CaseRow["id"];
};

export type CaseVerdict = Pick<
  Extract<ProjectEventBody, { type: "case.verdict" }>,
  "caseId" | "state" | "version" | "verdict"
>;

/** Fold a step into a row of the queue; one that the row already knows changes nothing. */
export function applyVerdictToRow<R extends CaseRow>(row: R, event: CaseStep): R {
  if (event.caseId !== row.id || event.version <= row.version) return row;
  const { state, version, verdict } = event;
  return { ...row, state, version, verdict };
}

/** Fold a verdict into an open case: state, and the history if it is not there yet. */
export function applyVerdictToCase(view: CaseView, event: CaseVerdict): CaseView {
  const next = applyVerdictToRow(view, event);
  if (event.caseId !== view.id || view.verdicts.some(({ id }) => id === event.verdict.id)) {
    return next;
  }
  return { ...next, verdicts: [...view.verdicts, event.verdict] };
}

/** Fold a step into loaded pages of the queue; the same object when none has the case. */
export function applyVerdictToPages<P extends { readonly rows: CaseRow[] }>(
  pages: readonly P[],
  event: CaseStep,
): P[] {
  return pages.map((page) => {
    const at = page.rows.findIndex((row) => row.id === event.caseId);
    const row = page.rows[at];
    const next = row && applyVerdictToRow(row, event);
    return !next || next === row ? page : { ...page, rows: page.rows.with(at, next) };
  });
}
