import {
  type ComputeProvider,
  type EncoderPullId,
  type FreezeId,
  type ImportId,
  type InspectionId,
  type ModelVersionId,
  type OrganisationId,
  type RunId,
} from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { QueueWorld, SOON } from "../testing/queue-world.ts";
import { enqueue } from "./enqueue.ts";

const OWNER = "owner" as OrganisationId;
const database = testDatabase();
const queue = new QueueWorld(() => database.db.pool);

beforeEach(async () => {
  await queue.clear();
});
afterEach(() => queue.stopAll());

const importId = () => randomUUID() as ImportId;

/** Returns a wait that ends once so many have come to it; whoever comes later passes. */
function meeting(size: number): () => Promise<void> {
  let come = 0;
  let open: () => void = () => undefined;
  const isComplete = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (++come === size) open();
    return isComplete;
  };
}

/**
 * A handler that takes a while, and how many of its kind were ever under way at once.
 *
 * @param meet what each job waits for: others that must be seen under way beside it
 */
function busy(meet: () => Promise<void> = () => Promise.resolve()): {
  readonly handler: () => Promise<void>;
  most(): number;
  count(): number;
} {
  let [running, most, count] = [0, 0, 0];
  return {
    handler: async () => {
      count++;
      most = Math.max(most, ++running);
      await meet();
      await new Promise((resolve) => setTimeout(resolve, 60));
      running--;
    },
    most: () => most,
    count: () => count,
  };
}

const train = (provider: ComputeProvider) =>
  enqueue(
    database.db.pool,
    { name: "run.train", organisationId: OWNER, provider },
    { runId: randomUUID() as RunId },
  );

const allDone = () => vi.waitFor(async () => expect(await queue.jobs()).toEqual([]), SOON);

test("jobs of one lane run one after the other, those without a lane side by side", async () => {
  const [pulling, importing, freezing] = [busy(), busy(meeting(2)), busy()];
  const { pool } = database.db;
  for (let i = 0; i < 3; i++) {
    await enqueue(
      pool,
      { name: "encoder.pull", organisationId: OWNER },
      { pullId: randomUUID() as EncoderPullId },
    );
    await enqueue(
      pool,
      { name: "dataset.import", organisationId: OWNER },
      { importId: importId() },
    );
    // Without a lane of its own, but at the same thing.
    await enqueue(
      pool,
      { name: "dataset.freeze", organisationId: OWNER, resource: "project" },
      { freezeId: randomUUID() as FreezeId },
    );
  }
  const handlers = { "encoder.pull": pulling.handler, "dataset.import": importing.handler };
  await queue.start({ ...handlers, "dataset.freeze": freezing.handler }, { concurrency: 4 });
  await allDone();
  expect(pulling.most()).toBe(1);
  expect([freezing.most(), freezing.count()]).toEqual([1, 3]);
  expect(importing.most()).toBeGreaterThan(1);
});

test("a worker scores one thing at a time, whosever it is, and two workers two", async () => {
  const bothWork = meeting(2);
  const [one, other] = [busy(bothWork), busy(bothWork)];
  for (let i = 0; i < 6; i++) {
    const organisationId = `owner-${i % 3}` as OrganisationId;
    if (i % 2 === 0) {
      const inspectionId = randomUUID() as InspectionId;
      await enqueue(
        database.db.pool,
        { name: "inspection.score", organisationId },
        { inspectionId },
      );
    } else {
      const modelVersionId = randomUUID() as ModelVersionId;
      await enqueue(
        database.db.pool,
        { name: "model.rescore", organisationId },
        { modelVersionId },
      );
    }
  }
  await Promise.all(
    [one, other].map(({ handler }) =>
      queue.start({ "inspection.score": handler, "model.rescore": handler }, { concurrency: 4 }),
    ),
  );
  await allDone();
  expect([one.most(), other.most()]).toEqual([1, 1]);
  expect(one.count() + other.count()).toBe(6);
});

test("a worker trains one run at a time, and two workers two", async () => {
  const bothWork = meeting(2);
  const [one, other] = [busy(bothWork), busy(bothWork)];
  for (let i = 0; i < 6; i++) await train("cpu");
  await Promise.all(
    [one, other].map(({ handler }) => queue.start({ "run.train": handler }, { concurrency: 4 })),
  );
  await allDone();
  expect([one.most(), other.most()]).toEqual([1, 1]);
  // No delivery was lost or doubled by those that were put back.
  expect(one.count() + other.count()).toBe(6);
  expect(Math.min(one.count(), other.count())).toBeGreaterThan(0);
});

test("a run is given to a worker that computes on its provider, and waits for one", async () => {
  const [plain, withGpu] = [busy(), busy()];
  await train("webgpu");
  await train("cpu");
  await queue.start({ "run.train": plain.handler });
  await vi.waitFor(() => expect(plain.count()).toBe(1), SOON);
  await vi.waitFor(async () => expect(await queue.jobs()).toMatchObject([{ attempts: 0 }]), SOON);
  await queue.start({ "run.train": withGpu.handler }, { providers: ["cpu", "webgpu"] });
  await allDone();
  expect([plain.count(), withGpu.count()]).toEqual([1, 1]);
});
