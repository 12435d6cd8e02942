import type {
  EncoderPullId,
  ImportId,
  InspectionId,
  OrganisationId,
  RunId,
} from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { QueueWorld, SOON } from "../testing/queue-world.ts";
import { enqueue } from "./enqueue.ts";
import type { JobHandlers } from "./run-worker.ts";

const [FIRST, SECOND, THIRD] = ["first", "second", "third"] as OrganisationId[] as [
  OrganisationId,
  OrganisationId,
  OrganisationId,
];
const database = testDatabase();
const queue = new QueueWorld(() => database.db.pool);
/** Whose jobs began, in order. */
let begun: OrganisationId[];
const owners = new Map<string, OrganisationId>();

beforeEach(async () => {
  begun = [];
  await queue.clear();
});
afterEach(() => queue.stopAll());

const start = (handlers: Partial<JobHandlers>, concurrency: number) =>
  queue.start(handlers, { concurrency });

function note(id: string): Promise<void> {
  begun.push(owners.get(id)!);
  return Promise.resolve();
}

async function anImport(organisationId: OrganisationId): Promise<void> {
  const importId = randomUUID() as ImportId;
  owners.set(importId, organisationId);
  await enqueue(database.db.pool, { name: "dataset.import", organisationId }, { importId });
}

async function anInspection(organisationId: OrganisationId): Promise<void> {
  const inspectionId = randomUUID() as InspectionId;
  owners.set(inspectionId, organisationId);
  await enqueue(database.db.pool, { name: "inspection.score", organisationId }, { inspectionId });
}

async function aTraining(organisationId: OrganisationId): Promise<void> {
  const runId = randomUUID() as RunId;
  owners.set(runId, organisationId);
  await enqueue(
    database.db.pool,
    { name: "run.train", organisationId, provider: "cpu" },
    { runId },
  );
}

async function untilBegun(count: number): Promise<void> {
  await vi.waitFor(() => expect(begun).toHaveLength(count), SOON);
}

/** Handlers wait here until the test lets them go. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

test.each([
  ["imports", anImport],
  ["trainings", aTraining],
] as const)("%s: who comes last to a queue of thirty waits for one round", async (_kind, add) => {
  for (let i = 0; i < 30; i++) await add(FIRST);
  await add(SECOND);
  await add(THIRD);
  await start(
    {
      "dataset.import": ({ importId }) => note(importId),
      "run.train": ({ runId }) => note(runId),
    },
    1,
  );
  await untilBegun(32);
  expect(begun.indexOf(SECOND)).toBeLessThanOrEqual(2);
  expect(begun.indexOf(THIRD)).toBeLessThanOrEqual(3);
});

test("two organisations with full queues take turns, also when one came later", async () => {
  const going = gate();
  for (let i = 0; i < 20; i++) await anImport(FIRST);
  await start(
    {
      "dataset.import": async ({ importId }) => {
        await note(importId);
        if (begun.length === 6) await going.passed;
      },
    },
    1,
  );
  await untilBegun(6);
  for (let i = 0; i < 10; i++) await anImport(SECOND);
  going.open();
  await untilBegun(30);
  // From the sixth on, of any two that follow each other one is of each, until one has none left.
  const turns = begun.slice(6, 26);
  for (let i = 1; i + 1 < turns.length; i += 2) {
    expect(new Set(turns.slice(i, i + 2)).size, turns.join(" ")).toBe(2);
  }
});

test("one organisation never has every place of a worker", async () => {
  const held = gate();
  let busy = 0;
  for (let i = 0; i < 8; i++) await anImport(FIRST);
  await start(
    {
      "dataset.import": async ({ importId }) => {
        await note(importId);
        busy++;
        await held.passed;
      },
    },
    3,
  );
  await untilBegun(2);
  await anImport(SECOND);
  await untilBegun(3);
  expect(begun).toEqual([FIRST, FIRST, SECOND]);
  expect(busy).toBe(3);
  held.open();
  await untilBegun(9);
});

test("a download does not wait for another encoder's, nor for scoring", async () => {
  const held = gate();
  await anInspection(FIRST);
  for (const resource of ["resnet18", "resnet18", "vit"]) {
    const pullId = randomUUID() as EncoderPullId;
    owners.set(pullId, resource as OrganisationId);
    const job = { name: "encoder.pull", organisationId: THIRD, resource } as const;
    await enqueue(database.db.pool, job, { pullId });
  }
  await start(
    {
      "inspection.score": async ({ inspectionId }) => {
        await note(inspectionId);
        await held.passed;
      },
      "encoder.pull": async ({ pullId }) => {
        await note(pullId);
        await held.passed;
      },
    },
    8,
  );
  await untilBegun(3);
  expect(begun.toSorted()).toEqual([FIRST, "resnet18", "vit"]);
  held.open();
  await untilBegun(4);
});

test("scoring goes turn by turn", async () => {
  for (const organisationId of [FIRST, FIRST, SECOND]) await anInspection(organisationId);
  // One hand: of several that reach for the lane at once, the quickest has it.
  await start({ "inspection.score": ({ inspectionId }) => note(inspectionId) }, 1);
  await untilBegun(3);
  expect(begun).toEqual([FIRST, SECOND, FIRST]);
});
