import {
  DatasetVersionId,
  FreezeId,
  isFinalFreezeStatus,
  type FreezeView,
  type ProjectEventBody,
} from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { answeringTrpc } from "../../../testing/answering-trpc.ts";
import { anEvent, TEST_PROJECT as projectId, testUuid } from "../../../testing/event-maker.ts";
import { notingCache } from "../../../testing/noting-cache.ts";
import { replay, Watching, type Past } from "../../../testing/replay.ts";
import { foldDataEvents } from "./fold-data-events.ts";

const { trpc } = answeringTrpc();
const freezeId = (n: number) => FreezeId.parse(testUuid(10 + n));
const versionId = (n: number) => DatasetVersionId.parse(testUuid(20 + n));

type Freeze = Pick<FreezeView, "id" | "status" | "imagesDone" | "imagesTotal" | "error">;
type World = {
  readonly freezes: readonly Freeze[];
  readonly versions: readonly DatasetVersionId[];
};

/** A new freeze, or the one at hand a step further. */
function move(freezes: readonly Freeze[], { at, pick }: { at: number; pick: number }): Freeze[] {
  const freeze = freezes[at];
  if (freeze === undefined) {
    const id = freezeId(freezes.length);
    return [...freezes, { id, status: "queued", imagesDone: 0, imagesTotal: null, error: null }];
  }
  const { imagesDone } = freeze;
  const next: Freeze =
    pick % 4 === 0
      ? { ...freeze, status: "failed", error: "No picture was left." }
      : pick % 4 === 1
        ? { ...freeze, status: "succeeded" }
        : { ...freeze, status: "freezing", imagesDone: imagesDone + pick, imagesTotal: 900 };
  return freezes.with(at, next);
}

function aPast(steps: readonly { at: number; pick: number }[]): Past {
  const worlds: World[] = [{ freezes: [], versions: [] }];
  const bodies: ProjectEventBody[] = [];
  for (const step of steps) {
    const { freezes, versions } = worlds.at(-1)!;
    if (step.pick === 0) {
      const datasetVersionId = versionId(versions.length);
      worlds.push({ freezes, versions: [...versions, datasetVersionId] });
      bodies.push({ type: "dataset.frozen", datasetVersionId });
      continue;
    }
    const at = Math.min(step.at, freezes.length);
    if (freezes[at] !== undefined && isFinalFreezeStatus(freezes[at].status)) continue;
    const moved = move(freezes, { ...step, at });
    const { id, status, imagesDone, imagesTotal } = moved[at]!;
    worlds.push({ freezes: moved, versions });
    bodies.push({ type: "dataset.freeze", freezeId: id, status, imagesDone, imagesTotal });
  }
  return {
    events: bodies.map((body, index) => anEvent(index + 1, body)),
    answersAfter: (n) => [
      [trpc.data.freezes.queryKey({ projectId }), worlds[n]!.freezes],
      [trpc.data.versions.queryKey({ projectId }), worlds[n]!.versions],
    ],
  };
}

const steps = fc.array(fc.record({ at: fc.nat(2), pick: fc.nat(12) }), {
  minLength: 1,
  maxLength: 25,
});

test("whenever freezes were read, and however often or late events come, the page ends with what the server says", () => {
  fc.assert(
    fc.property(steps, Watching, (list, watching) => {
      const { shown, told } = replay({ fold: foldDataEvents, trpc }, aPast(list), watching);
      expect(shown).toEqual(told);
    }),
  );
});

test("a freeze on its way is followed without asking; its end is read", () => {
  const { cache, client, due } = notingCache();
  const key = trpc.data.freezes.queryKey({ projectId });
  client.setQueryData(key, [{ id: freezeId(0), status: "queued", imagesDone: 0 }] as never);
  const body = { type: "dataset.freeze", freezeId: freezeId(0), imagesTotal: 90 } as const;
  foldDataEvents(anEvent(1, { ...body, status: "freezing", imagesDone: 30 }), cache);
  expect(client.getQueryData(key)).toMatchObject([{ status: "freezing", imagesDone: 30 }]);
  expect(due).toEqual([]);
  foldDataEvents(anEvent(2, { ...body, status: "succeeded", imagesDone: 90 }), cache);
  expect(due).toEqual([{ queryKey: key }]);
});
