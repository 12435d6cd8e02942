import { DEMO_PHASES, type ProjectEvent, type ProjectEventBody } from "@loupe/contracts";
import { QueryClient } from "@tanstack/react-query";
import fc from "fast-check";
import { expect, test } from "vitest";

import { answeringTrpc } from "../../../testing/answering-trpc.ts";
import { anEvent, TEST_PROJECT as projectId, testUuid } from "../../../testing/event-maker.ts";
import { replay, Watching, type Past } from "../../../testing/replay.ts";
import { foldProjectEvents } from "./fold-project-events.ts";

const { trpc } = answeringTrpc();
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

/** Counts, models and inspections of a project, and its demo's way, as steps of 0 to 4. */
function aPast(steps: readonly { kind: number; pick: number }[]): Past {
  type World = {
    openCaseCount: number;
    models: number;
    images: number;
    phase: number;
    done: number;
  };
  const worlds: World[] = [{ openCaseCount: 3, models: 0, images: 0, phase: 0, done: 0 }];
  const bodies: ProjectEventBody[] = [];
  const happen = (change: Partial<World>, body: object) => {
    worlds.push({ ...worlds.at(-1)!, ...change });
    bodies.push(body as ProjectEventBody);
  };
  for (const { kind, pick } of steps) {
    const { models, images, phase, done } = worlds.at(-1)!;
    if (kind === 0) {
      const counts = [{ ...ALL, counts: { open: pick, inReview: 1, decided: 0 } }];
      happen({ openCaseCount: pick + 1 }, { type: "cases.changed", count: 1, counts });
    } else if (kind === 1) {
      const ids = { modelVersionId: testUuid(2), runId: testUuid(3) };
      happen({ models: models + 1 }, { type: "model.created", ...ids });
    } else if (kind === 2) {
      const news = { status: "queued", imagesDone: 0, imagesTotal: pick };
      const body = { type: "inspection.status", inspectionId: testUuid(4), ...news };
      happen({ images: images + pick }, body);
    } else if (kind === 3) {
      happen({ openCaseCount: pick }, { type: "cases.changed", count: 1 });
    } else {
      const isNext = pick % 3 === 0 && phase + 1 < DEMO_PHASES.length;
      const next = isNext ? { phase: phase + 1, done: 0 } : { phase, done: done + pick };
      const news = { phase: DEMO_PHASES[next.phase], done: next.done, total: 99, problem: null };
      happen(next, { type: "demo.progress", ...news });
    }
  }
  return {
    events: bodies.map((body, index) => anEvent(index + 1, body)),
    answersAfter: (n) => {
      const { phase, done, ...project } = worlds[n]!;
      const demo = { phase: DEMO_PHASES[phase], done, total: 99, problem: null };
      // Which run it is, its row alone says.
      const runId = phase < DEMO_PHASES.indexOf("training") ? null : testUuid(3);
      return [
        [trpc.projects.get.queryKey({ projectId }), { ...project, eventSequence: n }],
        [trpc.projects.demo.queryKey({ projectId }), { ...demo, runId }],
      ];
    },
  };
}

test("whenever a project was read, and however often or late events come, the page ends with what the server says", () => {
  const step = fc.record({ kind: fc.nat(4), pick: fc.integer({ min: 1, max: 30 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), Watching, (list, watching) => {
      const { shown, told } = replay({ fold: foldProjectEvents, trpc }, aPast(list), watching);
      expect(shown.map(withoutSequence)).toEqual(told.map(withoutSequence));
    }),
  );
});

/** Up to which event a project was read is shown nowhere. */
function withoutSequence([query, answer]: readonly [unknown, unknown]) {
  return [query, { ...(answer as object), eventSequence: null }];
}
