import { ProjectId, type ProjectEvent } from "@loupe/contracts";
import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";

import { foldProjectEvents } from "./fold-project-events.ts";

const projectId = ProjectId.parse("018f0000-0000-7000-8000-000000000001");
const key = ["project"];
const ALL = { category: null, inspectionId: null };

const verdict = {
  projectId,
  sequence: 21,
  at: new Date(0),
  body: {
    type: "case.verdict",
    counts: [
      { category: null, inspectionId: null, counts: { open: 5, inReview: 3, decided: 1 } },
      { category: "cap", inspectionId: null, counts: { open: 1, inReview: 0, decided: 0 } },
    ],
  },
} as unknown as ProjectEvent;

test.each([
  ["follows a verdict", 20, 8],
  ["stays when it was read after the verdict", 21, 9],
])("the number of cases to decide %s", (_what, eventSequence, openCaseCount) => {
  const client = new QueryClient();
  client.setQueryData(key, { id: projectId, openCaseCount: 9, eventSequence });
  const trpc = { projects: { get: { queryKey: () => key } } };
  const asked: unknown[] = [];
  foldProjectEvents(verdict, {
    client,
    trpc,
    invalidate: (filters: unknown) => asked.push(filters),
  } as never);
  expect(client.getQueryData(key)).toMatchObject({ openCaseCount });
  expect(asked).toEqual([]);
});

const scored = (counts?: unknown) =>
  ({
    projectId,
    sequence: 21,
    at: new Date(0),
    body: { type: "cases.changed", count: 1, counts },
  }) as unknown as ProjectEvent;
const inspection = (status: string) =>
  ({
    projectId,
    sequence: 21,
    at: new Date(0),
    body: { type: "inspection.status", status },
  }) as unknown as ProjectEvent;

test.each([
  [
    "cases with their counts",
    scored([{ ...ALL, counts: { open: 1, inReview: 1, decided: 0 } }]),
    0,
  ],
  ["cases without counts", scored(), 1],
  ["an inspection with its pictures", inspection("queued"), 1],
  ["an inspection on its way", inspection("scoring"), 0],
  ["an inspection that has ended", inspection("succeeded"), 1],
])("after %s the project is read again or not", (_what, event, requests) => {
  const client = new QueryClient();
  client.setQueryData(key, { id: projectId, openCaseCount: 9, eventSequence: 20 });
  const trpc = { projects: { get: { queryKey: () => key } } };
  const asked: unknown[] = [];
  const invalidate = (filters: unknown) => asked.push(filters);
  foldProjectEvents(event, { client, trpc, invalidate } as never);
  expect(asked).toHaveLength(requests);
});
