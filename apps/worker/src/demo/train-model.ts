import { randomUUID } from "node:crypto";

import {
  StartRunInput,
  type DatasetVersionId,
  type DemoPlan,
  type ProjectId,
  type RunView,
} from "@loupe/contracts";
import { LEASE_STALE_AFTER_MS, type Transaction } from "@loupe/db";
import { METHOD_NAMES, METHODS, parseSettings, type MethodName } from "@loupe/model";
import { enqueue, recordEvent } from "@loupe/platform";

import { chooseEncoder } from "./choose-encoder.ts";
import {
  begin,
  changeDemo,
  findMaker,
  giveUp,
  waitFor,
  type DemoJob,
  type PhaseOutcome,
} from "./demo-job.ts";

/** Start the demo's run as a person would, and go on once it has ended. */
export async function trainModel(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  if (world.runId === null) return startRun(job);
  const run = await services.db.runs.find(world.runId);
  switch (run?.status) {
    case "succeeded":
      await services.db.transaction(async (tx) => {
        await activate(tx, job, run);
        await changeDemo(tx, world, begin("inspecting"));
      });
      return "goes on";
    case "failed":
    case "cancelled":
      return giveUp(job, describeEnd(run));
    default:
      return "waits";
  }
}

/** Let the demo's model score for the team, as its maker would once it does better than the yardstick. */
async function activate(
  tx: Transaction,
  { world: { organisationId, projectId, plan }, people }: DemoJob,
  { modelVersionId }: RunView,
): Promise<void> {
  const active = await tx.models.active(projectId);
  // What somebody has made active meanwhile stays.
  if (modelVersionId === null || active?.method !== plan.yardstick) return;
  const { moved, remaining } = await tx.models.activate(modelVersionId, projectId);
  if (remaining > 0) {
    await enqueue(tx.sql, { name: "model.rescore", organisationId }, { modelVersionId });
  }
  const maker = findMaker(people);
  await recordEvent(tx, {
    projectId,
    body: { type: "model.activated", modelVersionId, isRescoring: remaining > 0 },
    ...(maker === null ? {} : { actorId: maker }),
  });
  if (moved === 0) return;
  await recordEvent(tx, { projectId, body: { type: "cases.changed", count: moved } });
}

function describeEnd({ number, status, error }: RunView): string {
  return status === "failed"
    ? `Run ${number} failed, so there is no model. ${error ?? ""}`.trim()
    : `Run ${number} was cancelled, so there is no model. Start another one under Train.`;
}

async function startRun(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const { plan, datasetVersionId, organisationId } = world;
  const createdById = findMaker(job.people);
  if (createdById === null || datasetVersionId === null) {
    return giveUp(job, "Nobody in the organisation may start a run, so no model was trained.");
  }
  const workers = await services.db.workers.listAlive(LEASE_STALE_AFTER_MS);
  const encoder = plan.run.encoder ?? chooseEncoder(workers);
  if (encoder === null) {
    return waitFor(
      job,
      "No model was trained, since this worker has no encoder. Put one into the folder that " +
        "LOUPE_ENCODERS names and start Loupe again.",
    );
  }
  await services.db.transaction(async (tx) => {
    const start = async (input: StartRunInput) => {
      const { run } = await tx.runs.create({ ...input, createdById });
      const job = { name: "run.train", organisationId, provider: run.provider } as const;
      await enqueue(tx.sql, job, { runId: run.id });
      const body = { type: "run.created", runId: run.id } as const;
      await recordEvent(tx, { projectId: world.projectId, body, actorId: createdById });
      return run.id;
    };
    const chosen = { projectId: world.projectId, datasetVersionId, encoder };
    const yardstick = METHOD_NAMES.find((name) => name === plan.yardstick);
    if (yardstick !== undefined) await start(describeYardstick(yardstick, plan, chosen));
    const runId = await start(describeRun(plan, chosen));
    await changeDemo(tx, world, { runId, problem: null });
  });
  return "waits";
}

type Chosen = {
  readonly projectId: ProjectId;
  readonly datasetVersionId: DatasetVersionId;
  readonly encoder: string;
};

/** What a person would fill in, checked in the same way. */
function describeRun({ run }: DemoPlan, chosen: Chosen): StartRunInput {
  const method = METHOD_NAMES.find((name) => name === run.method);
  if (method === undefined) throw new Error(`The demo's plan names no method: ${run.method}`);
  return StartRunInput.parse({
    ...run,
    ...chosen,
    provider: "cpu",
    settings: parseSettings(method, { settings: run.settings }),
    // The row remembers its run in the same transaction, so a key for each attempt is enough.
    idempotencyKey: randomUUID(),
  });
}

/** What a person who chooses the method and nothing else would start. */
function describeYardstick(method: MethodName, { run }: DemoPlan, chosen: Chosen): StartRunInput {
  return StartRunInput.parse({
    ...METHODS[method].defaults,
    ...chosen,
    method,
    seed: run.seed,
    provider: "cpu",
    settings: parseSettings(method, {}),
    idempotencyKey: randomUUID(),
  });
}
