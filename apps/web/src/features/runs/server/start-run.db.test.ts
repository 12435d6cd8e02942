import { randomUUID } from "node:crypto";

import type { EncoderPullView, RunView } from "@loupe/contracts";
import { anImage, testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { aWebWorld, type WebWorld } from "../../../testing/a-web-world.ts";
import { callProcedure } from "../../../testing/call-procedure.ts";

const database = testDatabase();
let world: WebWorld;
let datasetVersionId: string;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  const { projectId, engineer } = world.home;
  for (const category of ["board", "cap"]) await anImage(database.db, { projectId, category });
  const { version } = await database.db.datasets.freeze({ projectId, createdById: engineer });
  datasetVersionId = version.id;
});
afterAll(() => world.close());

function ask(path: string, input: Record<string, unknown>) {
  const { projectId, callers } = world.home;
  return callProcedure({
    caller: callers.engineer,
    path,
    type: "mutation",
    input: { projectId, ...input },
  });
}

const plan = (over: Record<string, unknown> = {}) => ({
  datasetVersionId,
  method: "cnc",
  encoder: "tiny",
  steps: 10,
  batch: 2,
  seed: 0,
  provider: "cpu",
  idempotencyKey: randomUUID(),
  ...over,
});

async function waiting(): Promise<{ task: string; payload: unknown }[]> {
  const { rows } = await database.db.pool.query<{ task: string; payload: unknown }>(
    `select t.identifier as task, payload from graphile_worker._private_jobs j
     join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`,
  );
  return rows;
}

test.each([
  [{ settings: { expert: 5 } }, /no setting expert\b/],
  [{ settings: { experts: 99 } }, /Setting experts of cnc: .*\(got 99\)/],
  [{ settings: { experts: 3, activeExperts: 4 } }, /Setting activeExperts of cnc/],
  [{ preset: "slow" }, /presets fast, paper, got "slow"/],
  [{ method: "magic" }, /methods .*, got "magic"/],
  [{ category: "gasket" }, /category of .*\(board, cap\), got gasket/],
  [{ encoder: "../../etc" }, /encoder's name/],
])("refuses %j by name, and starts nothing", async (over, sentence) => {
  const before = (await waiting()).length;
  const answer = await ask("runs.start", plan(over));
  expect(answer).toMatchObject({ status: 400, code: "BAD_INPUT" });
  expect(answer.message).toMatch(sentence);
  expect(await waiting()).toHaveLength(before);
});

test("a run keeps every setting: the preset's, and over them what was changed", async () => {
  const answer = await ask("runs.start", plan({ preset: "paper", settings: { experts: 3 } }));
  expect(answer.status).toBe(200);
  const run = answer.data as RunView;
  expect(run).toMatchObject({ preset: "paper", category: null });
  expect(run.settings).toMatchObject({ experts: 3, loss: "map-cosine", optimiser: "adam" });
});

test("a model for each category is a run for each, once however often it is asked for", async () => {
  const { category: _, ...each } = { category: null, ...plan() };
  const first = await ask("runs.startEach", each);
  const again = await ask("runs.startEach", each);
  const runs = first.data as RunView[];
  expect(runs.map((run) => run.category)).toEqual(["board", "cap"]);
  expect((again.data as RunView[]).map((run) => run.id)).toEqual(runs.map((run) => run.id));
  const jobs = (await waiting()).filter(({ payload }) =>
    runs.some((run) => run.id === (payload as { runId?: string }).runId),
  );
  expect(jobs).toHaveLength(2);
});

test("an encoder of the catalogue is asked for once, and nothing else is", async () => {
  const first = await ask("runs.pullEncoder", { encoder: "dinov2-small" });
  const again = await ask("runs.pullEncoder", { encoder: "dinov2-small" });
  const pull = first.data as EncoderPullView;
  expect(pull).toMatchObject({ encoder: "dinov2-small", status: "queued" });
  expect((again.data as EncoderPullView).id).toBe(pull.id);
  expect((await waiting()).filter(({ task }) => task === "encoder.pull")).toHaveLength(1);
  expect(await ask("runs.pullEncoder", { encoder: "somebodys-weights" })).toMatchObject({
    status: 422,
    code: "ENCODER_UNKNOWN",
  });
});
