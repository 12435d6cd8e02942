import type { ProjectEventBody } from "./events.ts";
import type { CaseId } from "./ids.ts";
import { NAMED_CASES, type ScopedCaseCounts } from "./review.ts";

/** The event that tells of changed cases: it names them as long as there are few enough. */
export function casesChanged(
  caseIds: readonly CaseId[],
  counts: ScopedCaseCounts[],
): Extract<ProjectEventBody, { type: "cases.changed" }> {
  const unique = [...new Set(caseIds)];
  return {
    type: "cases.changed",
    count: unique.length,
    ...(unique.length <= NAMED_CASES && { caseIds: unique }),
    counts,
  };
}
