import {
  canRunMove,
  EncoderPullId,
  ImageId,
  isFinalRunStatus,
  ModelVersionId,
  RUN_STATUSES,
  RunId,
  type EncoderPullView,
  type ProjectEventBody,
  type RunView,
} from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { answeringTrpc } from "../../../../testing/answering-trpc.ts";
import { anEvent, TEST_PROJECT as projectId, testUuid } from "../../../../testing/event-maker.ts";
import { notingCache } from "../../../../testing/noting-cache.ts";
import { replay, Watching, type Past } from "../../../../testing/replay.ts";
import { foldRunEvents } from "./fold-run-events.ts";

const { trpc } = answeringTrpc();
const runId = RunId.parse(testUuid(2));
const images = [3, 4].map((n) => ImageId.parse(testUuid(n)));
const modelVersionId = ModelVersionId.parse(testUuid(5));
const pullId = EncoderPullId.parse(testUuid(6));

/** What events tell of a run, and what comes with its row alone. */
type Run = Pick<RunView, "id" | "status" | "stageDone" | "stageTotal" | "checkpointStep"> &
  Pick<RunView, "modelVersionId" | "stepsPerSecond" | "secondsLeft" | "error">;
type Pull = Pick<EncoderPullView, "id" | "status" | "bytesDone" | "bytesTotal" | "error">;
type World = {
  readonly run: Run | null;
  readonly probes: readonly { imageId: ImageId; step: number; score: number }[];
  readonly incidents: readonly string[];
  readonly pull: Pull | null;
};
type Change = { readonly world: World; readonly body: ProjectEventBody };

const START: World = { run: null, probes: [], incidents: [], pull: null };
const QUEUED: Run = {
  id: runId,
  status: "queued",
  stageDone: 0,
  stageTotal: 0,
  checkpointStep: null,
  modelVersionId: null,
  stepsPerSecond: null,
  secondsLeft: null,
  error: null,
};

function changePull({ pull, ...world }: World, pick: number): Change | null {
  if (pull?.status === "failed") return null;
  const next: Pull =
    pull === null
      ? { id: pullId, status: "queued", bytesDone: 0, bytesTotal: 0, error: null }
      : pick % 5 === 0
        ? { ...pull, status: "failed", error: "The line broke." }
        : { ...pull, status: "downloading", bytesDone: pull.bytesDone + pick, bytesTotal: 9_999 };
  const { status, bytesDone, bytesTotal } = next;
  const body = { type: "encoder.pull", pullId, encoder: "tiny", status, bytesDone, bytesTotal };
  return { world: { ...world, pull: next }, body: body as ProjectEventBody };
}

/** The run's row after a status that it may go to, or the same one further on. */
function changeStatus(run: Run, pick: number): { run: Run; body: ProjectEventBody } {
  const ways = RUN_STATUSES.filter((to) => canRunMove(run.status, to) || to === run.status);
  const status = ways[pick % ways.length]!;
  const isSame = status === run.status;
  const [stageDone, stageTotal] = [isSame ? run.stageDone + 1 : pick % 2, 40];
  const error = status === "failed" ? "The disk is full." : null;
  return {
    run: { ...run, status, stageDone, stageTotal, error },
    body: { type: "run.status", runId, status, stageDone, stageTotal },
  };
}

function changeOf(world: World, { kind, pick }: { kind: number; pick: number }): Change | null {
  const { run } = world;
  if (kind === 0) return changePull(world, pick);
  if (run === null)
    return { world: { ...world, run: QUEUED }, body: { type: "run.created", runId } };
  if (isFinalRunStatus(run.status)) return null;
  switch (kind) {
    case 2: {
      const imageId = images[pick % images.length]!;
      const at = world.probes.length * 10;
      const body = { type: "run.probes", runId, step: at, probes: [{ imageId, score: pick }] };
      const probes = [...world.probes, { imageId, step: at, score: pick }];
      return { world: { ...world, probes }, body: body as ProjectEventBody };
    }
    case 3: {
      const message = `incident ${world.incidents.length}`;
      return {
        world: { ...world, incidents: [...world.incidents, message] },
        body: { type: "run.incident", runId, step: pick, message },
      };
    }
    case 4:
      if (run.status !== "evaluating") return null;
      return {
        world: { ...world, run: { ...run, modelVersionId } },
        body: { type: "model.created", runId, modelVersionId },
      };
    default: {
      const next = changeStatus(run, pick);
      return { world: { ...world, run: next.run }, body: next.body };
    }
  }
}

function aPast(steps: readonly { kind: number; pick: number }[]): Past {
  const worlds = [START];
  const bodies: ProjectEventBody[] = [];
  for (const step of steps) {
    const change = changeOf(worlds.at(-1)!, step);
    if (change === null) continue;
    worlds.push(change.world);
    bodies.push(change.body);
  }
  return {
    events: bodies.map((body, index) => anEvent(index + 1, body)),
    answersAfter: (n) => {
      const { run, probes, incidents, pull } = worlds[n]!;
      return [
        [trpc.runs.list.queryKey({ projectId }), run === null ? [] : [run]],
        [trpc.runs.get.queryKey({ projectId, runId }), run ?? undefined],
        [trpc.runs.curve.queryKey({ projectId, runId }), { points: [], incidents }],
        [trpc.runs.probes.queryKey({ projectId, runId }), probes],
        [trpc.runs.pulls.queryKey({ projectId }), pull === null ? [] : [pull]],
      ];
    },
  };
}

const steps = fc.array(fc.record({ kind: fc.nat(8), pick: fc.integer({ min: 1, max: 60 }) }), {
  minLength: 1,
  maxLength: 30,
});

test("whenever runs were read, and however often or late events come, the page ends with what the server says", () => {
  fc.assert(
    fc.property(steps, Watching, (list, watching) => {
      const { shown, told } = replay({ fold: foldRunEvents, trpc }, aPast(list), watching);
      expect(shown).toEqual(told);
    }),
  );
});

test.each<[string, ProjectEventBody, string[]]>([
  ["a new run", { type: "run.created", runId }, ["list"]],
  ["an incident", { type: "run.incident", runId, step: 5, message: "x" }, ["get", "list", "curve"]],
  [
    "an end",
    { type: "run.status", runId, status: "failed", stageDone: 1, stageTotal: 2 },
    ["get", "list"],
  ],
  ["a step on", { type: "run.status", runId, status: "training", stageDone: 1, stageTotal: 2 }, []],
  ["maps of unknown images", { type: "run.probes", runId, step: 5, probes: [] }, ["probes"]],
  ["somebody's verdict", { type: "cases.changed", count: 1 }, []],
])("after %s only what the event cannot tell is read again", (_what, body, read) => {
  const { cache, client, paths } = notingCache();
  client.setQueryData(trpc.runs.get.queryKey({ projectId, runId }), {
    ...QUEUED,
    status: "caching_features",
    stageDone: 3,
  } as never);
  foldRunEvents(anEvent(1, body), cache);
  expect(paths()).toEqual(read.map((name) => `runs.${name}`));
});
