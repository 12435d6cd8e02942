import {
  activateModel,
  deriveKey,
  getRun,
  listModels,
  listWorkers,
  startRun,
  type PersonCaller,
} from "@loupe/application";
import {
  StartRunInput,
  type DatasetVersionId,
  type DemoPlan,
  type DemoWorldId,
  type ProjectId,
  type RunView,
} from "@loupe/contracts";
import { METHOD_NAMES, METHODS, type MethodName } from "@loupe/model";

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
  const { runId, projectId } = world;
  const maker = findMaker(job);
  if (maker === null) return giveUp(job, NOBODY);
  if (runId === null) return startRuns(job, maker);
  const run = await getRun(maker, services, { projectId, runId });
  switch (run.status) {
    case "succeeded":
      await activate(job, maker, run);
      await services.db.transaction((tx) => changeDemo(tx, world, begin("inspecting")));
      return "goes on";
    case "failed":
    case "cancelled":
      return giveUp(job, describeEnd(run));
    default:
      return "waits";
  }
}

const NOBODY = "Nobody in the organisation may start a run, so no model was trained.";

/** Let the demo's model score for the team, as its maker would once it does better than the baseline. */
async function activate(
  { services, world: { projectId, plan } }: DemoJob,
  maker: PersonCaller,
  { modelVersionId }: RunView,
): Promise<void> {
  const models = await listModels(maker, services, { projectId });
  const active = models.find(({ isActive }) => isActive);
  // What somebody has made active meanwhile stays.
  if (modelVersionId === null || active?.method !== plan.yardstick) return;
  await activateModel(maker, services, { projectId, modelVersionId });
}

function describeEnd({ number, status, error }: RunView): string {
  return status === "failed"
    ? `Run ${number} failed, so there is no model. ${error ?? ""}`.trim()
    : `Run ${number} was cancelled, so there is no model. Start another one under Train.`;
}

async function startRuns(job: DemoJob, maker: PersonCaller): Promise<PhaseOutcome> {
  const { services, world } = job;
  const { id, plan, projectId, datasetVersionId } = world;
  if (datasetVersionId === null) return giveUp(job, NOBODY);
  const workers = await listWorkers(maker, services, { projectId });
  const encoder = plan.run.encoder ?? chooseEncoder(workers);
  if (encoder === null) {
    return waitFor(
      job,
      "No model was trained, since this worker has no encoder. Put one into the folder that " +
        "LOUPE_ENCODERS names and start Loupe again.",
    );
  }
  const chosen = { id, projectId, datasetVersionId, encoder };
  const baseline = METHOD_NAMES.find((name) => name === plan.yardstick);
  if (baseline !== undefined) {
    await startRun(maker, services, describeBaseline(baseline, plan, chosen));
  }
  const { id: runId } = await startRun(maker, services, describeRun(plan, chosen));
  await services.db.transaction((tx) => changeDemo(tx, world, { runId, problem: null }));
  return "waits";
}

type Chosen = {
  readonly id: DemoWorldId;
  readonly projectId: ProjectId;
  readonly datasetVersionId: DatasetVersionId;
  readonly encoder: string;
};

/** What a person would fill in; the key makes a delivery again find the run that there is. */
function describeRun({ run }: DemoPlan, { id, ...chosen }: Chosen): StartRunInput {
  const idempotencyKey = deriveKey(id, "run");
  return StartRunInput.parse({ ...run, ...chosen, provider: "cpu", idempotencyKey });
}

/** What a person who chooses the method and nothing else would start. */
function describeBaseline(
  method: MethodName,
  { run }: DemoPlan,
  { id, ...chosen }: Chosen,
): StartRunInput {
  return StartRunInput.parse({
    ...METHODS[method].defaults,
    ...chosen,
    method,
    seed: run.seed,
    provider: "cpu",
    idempotencyKey: deriveKey(id, "baseline"),
  });
}
