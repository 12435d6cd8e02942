import { ModelVersionId, RunId, type ProjectEventBody } from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { answeringTrpc } from "../../../testing/answering-trpc.ts";
import { anEvent, TEST_PROJECT as projectId, testUuid } from "../../../testing/event-maker.ts";
import { notingCache } from "../../../testing/noting-cache.ts";
import { replay, Watching, type Past } from "../../../testing/replay.ts";
import { foldModelEvents } from "./fold-model-events.ts";

const { trpc } = answeringTrpc();
const runId = RunId.parse(testUuid(2));
const ids = [3, 4, 5].map((n) => ModelVersionId.parse(testUuid(n)));

type World = { readonly made: number; readonly active: ModelVersionId | null };

function aPast(steps: readonly number[]): Past {
  const worlds: World[] = [{ made: 0, active: null }];
  const bodies: ProjectEventBody[] = [];
  for (const step of steps) {
    const { made, active } = worlds.at(-1)!;
    if (step >= made && made < ids.length) {
      worlds.push({ made: made + 1, active: active ?? ids[made]! });
      bodies.push({ type: "model.created", modelVersionId: ids[made]!, runId });
    } else if (step < made) {
      worlds.push({ made, active: ids[step]! });
      bodies.push({ type: "model.activated", modelVersionId: ids[step]!, isRescoring: false });
    }
  }
  return {
    events: bodies.map((body, index) => anEvent(index + 1, body)),
    answersAfter: (n) => {
      const { made, active } = worlds[n]!;
      const views = ids.slice(0, made).map((id) => ({ id, isActive: id === active }));
      return [
        [trpc.models.list.queryKey({ projectId }), views],
        ...ids.map((modelVersionId) => {
          const view = views.find(({ id }) => id === modelVersionId);
          return [trpc.models.get.queryKey({ projectId, modelVersionId }), view] as const;
        }),
        ...ids.map((modelVersionId) => {
          const key = trpc.models.baseline.queryKey({ projectId, modelVersionId });
          return [key, made === 0 ? undefined : { models: made }] as const;
        }),
      ];
    },
  };
}

test("whenever models were read, and however often or late events come, the page ends with what the server says", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { maxLength: 12 }), Watching, (list, watching) => {
      const { shown, told } = replay({ fold: foldModelEvents, trpc }, aPast(list), watching);
      expect(shown).toEqual(told);
    }),
  );
});

test("what else happens in the project leaves models alone", () => {
  const { cache, due } = notingCache();
  foldModelEvents(anEvent(1, { type: "run.created", runId }), cache);
  expect(due).toEqual([]);
});
