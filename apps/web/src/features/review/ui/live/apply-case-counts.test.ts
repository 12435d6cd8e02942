import { type CasePage, InspectionId, ProjectId, type ProjectEvent } from "@loupe/contracts";
import { QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import superjson from "superjson";
import { expect, test } from "vitest";

import type { AppRouter } from "../../../../server/root.ts";
import { applyCaseCounts } from "./apply-case-counts.ts";
import { foldReviewEvents } from "./fold-review-events.ts";

const projectId = ProjectId.parse("018f0000-0000-7000-8000-000000000001");
const inspectionId = InspectionId.parse("018f0000-0000-7000-8000-000000000002");
const open = (count: number) => ({ open: count, inReview: 0, decided: 0 });
const page = { rows: [], nextCursor: null, counts: open(9), countsSequence: 20 } as CasePage;
const counts = [
  { category: null, inspectionId: null, counts: open(8) },
  { category: "cap", inspectionId: null, counts: open(5) },
  { category: null, inspectionId, counts: open(3) },
  { category: "cap", inspectionId, counts: open(2) },
];

test.each([
  [{}, 8],
  [{ category: "cap" }, 5],
  [{ inspectionId }, 3],
  [{ category: "cap", inspectionId }, 2],
  [{ category: "nut" }, 9],
])("of an event's counts those under the page's filter %o count", (scope, left) => {
  expect(applyCaseCounts(page, scope, { sequence: 21, counts }).counts.open).toBe(left);
});

test("counts that come late or twice change nothing", () => {
  expect(applyCaseCounts(page, {}, { sequence: 20, counts })).toBe(page);
  const once = applyCaseCounts(page, {}, { sequence: 21, counts });
  expect(applyCaseCounts(once, {}, { sequence: 21, counts })).toBe(once);
});

function aCache() {
  const client = new QueryClient();
  const trpcClient = createTRPCClient<AppRouter>({
    links: [httpLink({ url: "http://localhost:1", transformer: superjson })],
  });
  const trpc = createTRPCOptionsProxy<AppRouter>({ client: trpcClient, queryClient: client });
  const asked: unknown[] = [];
  return {
    client,
    trpc,
    asked,
    invalidate: ({ queryKey }: { queryKey: unknown }) => asked.push(queryKey),
    readById: () => undefined,
  };
}

const verdictEvent = (news: object) =>
  ({
    projectId,
    sequence: 21,
    at: new Date(0),
    body: {
      type: "case.verdict",
      caseId: "018f0000-0000-7000-8000-000000000003",
      state: "decided",
      version: 1,
      verdict: { id: "v", defectType: null },
      ...news,
    },
  }) as unknown as ProjectEvent;

test("a verdict on a case that no page has loaded changes the counts, and nobody counts anew", () => {
  const cache = aCache();
  const key = cache.trpc.review.cases.queryKey({ projectId, state: "all", limit: 1 });
  cache.client.setQueryData(key, page);
  foldReviewEvents(verdictEvent({ counts }), cache);
  expect(cache.client.getQueryData(key)).toMatchObject({ counts: open(8), countsSequence: 21 });
  expect(cache.asked).toEqual([]);
});

test("a verdict from before events carried counts makes them be read again", () => {
  const cache = aCache();
  foldReviewEvents(verdictEvent({}), cache);
  expect(cache.asked).toEqual([cache.trpc.review.cases.queryKey()]);
});
