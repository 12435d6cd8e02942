import type { CasePage, ProjectEventBody, ProjectId } from "@loupe/contracts";
import type { InfiniteData } from "@tanstack/react-query";

import type { LiveCache, LiveFold } from "../../../../lib/live/live-cache.ts";
import { foldCaseCounts } from "./apply-case-counts.ts";
import { applyVerdictToCase, applyVerdictToPages, type CaseStep } from "./apply-verdict-event.ts";
import { listQueues, readCasesById } from "./read-cases-by-id.ts";
import { applyWithdrawalToCase } from "./apply-withdrawal-event.ts";

type CaseEvent = Extract<ProjectEventBody, { type: "case.verdict" | "case.withdrawn" }>;

/** Bring what a case has come to, from an event or an answer, into every loaded queue. */
export function foldIntoQueues(
  step: CaseStep,
  { client, trpc }: Pick<LiveCache, "client" | "trpc">,
): void {
  client.setQueriesData<InfiniteData<CasePage>>(
    { queryKey: trpc.review.cases.infiniteQueryKey() },
    (data) => data && { ...data, pages: applyVerdictToPages(data.pages, step) },
  );
}

/** Bring an event about one case into its open view. */
function foldIntoCase(
  { projectId, body }: { readonly projectId: ProjectId; readonly body: CaseEvent },
  { client, trpc }: Pick<LiveCache, "client" | "trpc">,
): void {
  client.setQueryData(
    trpc.review.case.queryKey({ projectId, caseId: body.caseId }),
    (view) =>
      view &&
      (body.type === "case.verdict"
        ? applyVerdictToCase(view, body)
        : applyWithdrawalToCase(view, body)),
  );
}

type CasesEvent = {
  readonly projectId: ProjectId;
  readonly sequence: number;
  readonly body: Extract<ProjectEventBody, { type: "cases.changed" }>;
};

/** A score moves cases within the queue and changes open ones; only those that are named are read. */
function foldChangedCases(
  { projectId, sequence, body: { caseIds, counts } }: CasesEvent,
  cache: LiveCache,
): void {
  const { client, trpc, invalidate } = cache;
  if (counts === undefined) {
    invalidate({ queryKey: trpc.review.pathKey() });
    return;
  }
  foldCaseCounts({ sequence, counts }, cache);
  if (caseIds === undefined) {
    // Too many to name. The counts name their categories: queues of others stay as they are.
    for (const { queryKey, filter } of listQueues(cache)) {
      const isNamed = counts.some(({ category }) => category === (filter.category ?? null));
      if (isNamed) invalidate({ queryKey });
    }
    invalidate({ queryKey: trpc.review.case.pathKey() });
    return;
  }
  if (listQueues(cache).length > 0) cache.readById(readCasesById(projectId), caseIds);
  for (const caseId of caseIds) {
    const queryKey = trpc.review.case.queryKey({ projectId, caseId });
    if (client.getQueryState(queryKey) !== undefined) invalidate({ queryKey });
  }
}

/** Verdicts appear at once; cases with new scores are read by name, and all of them when another version is active. */
export const foldReviewEvents: LiveFold = ({ projectId, sequence, body }, cache) => {
  const { trpc, invalidate } = cache;
  if (body.type === "model.activated") {
    invalidate({ queryKey: trpc.review.pathKey() });
    return;
  }
  if (body.type === "cases.changed") {
    foldChangedCases({ projectId, sequence, body }, cache);
    return;
  }
  if (body.type !== "case.verdict" && body.type !== "case.withdrawn") return;
  foldIntoCase({ projectId, body }, cache);
  foldIntoQueues(body, cache);
  // The counts are a query of their own, since a case that is not loaded counts as well. They come
  // with the event: if every open page asked for them, a verdict would cost a query for each.
  if (body.counts !== undefined) foldCaseCounts({ sequence, counts: body.counts }, cache);
  else invalidate({ queryKey: trpc.review.cases.queryKey() });
  if (body.verdict !== null && body.verdict.defectType !== null) {
    invalidate({ queryKey: trpc.review.defectTypes.queryKey({ projectId }) });
  }
};
