import type { ProjectId } from "@loupe/contracts";
import type { InfiniteData } from "@tanstack/react-query";

import type { LiveCache, LiveFold } from "../../../lib/live/live-cache.ts";
import {
  applyVerdictToCase,
  applyVerdictToPages,
  type CaseVerdict,
} from "./apply-verdict-event.ts";
import { foldCaseCounts } from "./apply-case-counts.ts";
import type { CasePage } from "../server/list-cases.ts";

type VerdictTarget = { readonly projectId: ProjectId; readonly verdict: CaseVerdict };

/** Bring a verdict, from an event or from the answer to one's own, into every view that shows it. */
export function foldVerdict(
  { projectId, verdict }: VerdictTarget,
  { client, trpc }: Pick<LiveCache, "client" | "trpc">,
): void {
  client.setQueryData(
    trpc.review.case.queryKey({ projectId, caseId: verdict.caseId }),
    (view) => view && applyVerdictToCase(view, verdict),
  );
  client.setQueriesData<InfiniteData<CasePage>>(
    { queryKey: trpc.review.cases.infiniteQueryKey() },
    (data) => data && { ...data, pages: applyVerdictToPages(data.pages, verdict) },
  );
}

/** Verdicts appear at once; new cases and another active version make the queue be read again. */
export const foldReviewEvents: LiveFold = ({ projectId, sequence, body }, cache) => {
  const { trpc, invalidate } = cache;
  if (body.type === "model.activated") {
    invalidate({ queryKey: trpc.review.pathKey() });
    return;
  }
  if (body.type === "cases.changed") {
    if (body.counts !== undefined) foldCaseCounts({ sequence, counts: body.counts }, cache);
    invalidate({ queryKey: trpc.review.pathKey() });
    return;
  }
  if (body.type !== "case.verdict") return;
  foldVerdict({ projectId, verdict: body }, cache);
  // The counts are a query of their own, since a case that is not loaded counts as well. They come
  // with the event: if every open page asked for them, a verdict would cost a query for each.
  if (body.counts !== undefined) foldCaseCounts({ sequence, counts: body.counts }, cache);
  else invalidate({ queryKey: trpc.review.cases.queryKey() });
  if (body.verdict.defectType !== null) {
    invalidate({ queryKey: trpc.review.defectTypes.queryKey({ projectId }) });
  }
};
