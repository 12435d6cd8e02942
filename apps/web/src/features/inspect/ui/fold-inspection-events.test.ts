import {
  InspectionId,
  isFinalInspectionStatus,
  type InspectionView,
  type ProjectEventBody,
} from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { answeringTrpc } from "../../../testing/answering-trpc.ts";
import { anEvent, TEST_PROJECT as projectId, testUuid } from "../../../testing/event-maker.ts";
import { notingCache } from "../../../testing/noting-cache.ts";
import { replay, Watching, type Past } from "../../../testing/replay.ts";
import { foldInspectionEvents } from "./fold-inspection-events.ts";

const { trpc } = answeringTrpc();
const ids = [2, 3, 4].map((n) => InspectionId.parse(testUuid(n)));

type Inspection = Pick<InspectionView, "id" | "status" | "imagesDone" | "imagesTotal" | "error">;

function next(
  view: Inspection | undefined,
  { at, pick }: { at: number; pick: number },
): Inspection {
  if (view === undefined) {
    return { id: ids[at]!, status: "queued", imagesDone: 0, imagesTotal: 400, error: null };
  }
  if (pick === 0) return { ...view, status: "failed", error: "The model is gone." };
  if (pick === 1) return { ...view, status: "succeeded", imagesDone: view.imagesTotal };
  if (pick === 2) return { ...view, status: "cancelled", imagesTotal: view.imagesDone };
  return { ...view, status: "scoring", imagesDone: view.imagesDone + pick };
}

function aPast(steps: readonly { at: number; pick: number }[]): Past {
  const worlds: Inspection[][] = [[]];
  const bodies: ProjectEventBody[] = [];
  for (const { at: wanted, pick } of steps) {
    const views = worlds.at(-1)!;
    const at = Math.min(wanted, views.length);
    const view = views[at];
    if (view !== undefined && isFinalInspectionStatus(view.status)) continue;
    const moved = next(view, { at, pick });
    worlds.push([...views.slice(0, at), moved, ...views.slice(at + 1)]);
    const { id: inspectionId, status, imagesDone, imagesTotal } = moved;
    bodies.push({ type: "inspection.status", inspectionId, status, imagesDone, imagesTotal });
  }
  return {
    events: bodies.map((body, index) => anEvent(index + 1, body)),
    answersAfter: (n) => [
      [trpc.inspections.list.queryKey({ projectId }), worlds[n]!],
      ...ids.map((inspectionId) => {
        const view = worlds[n]!.find(({ id }) => id === inspectionId);
        return [trpc.inspections.get.queryKey({ projectId, inspectionId }), view] as const;
      }),
    ],
  };
}

const steps = fc.array(fc.record({ at: fc.nat(2), pick: fc.nat(14) }), {
  minLength: 1,
  maxLength: 25,
});

test("whenever inspections were read, and however often or late events come, the page ends with what the server says", () => {
  fc.assert(
    fc.property(steps, Watching, (list, watching) => {
      const { shown, told } = replay({ fold: foldInspectionEvents, trpc }, aPast(list), watching);
      expect(shown).toEqual(told);
    }),
  );
});

test.each<[InspectionView["status"], boolean, number]>([
  ["scoring", true, 0],
  ["scoring", false, 2],
  ["succeeded", true, 2],
])("an inspection at %s, known: %s, costs %i requests", (status, isKnown, requests) => {
  const { cache, client, due } = notingCache();
  const known = { id: ids[0], status: "queued", imagesDone: 0, imagesTotal: 9 };
  const key = trpc.inspections.list.queryKey({ projectId });
  client.setQueryData(key, (isKnown ? [known] : []) as never);
  const body = { type: "inspection.status", inspectionId: ids[0]!, status } as const;
  foldInspectionEvents(anEvent(1, { ...body, imagesDone: 3, imagesTotal: 9 }), cache);
  expect(due).toHaveLength(requests);
});

test("what else happens in the project leaves inspections alone", () => {
  const { cache, client, due } = notingCache();
  foldInspectionEvents(anEvent(1, { type: "cases.changed", count: 1 }), cache);
  expect([due, client.getQueryCache().getAll()]).toEqual([[], []]);
});
