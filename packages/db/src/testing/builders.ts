import type {
  CaseRow,
  ContentHash,
  DatasetVersionView,
  GoodScores,
  ImageId,
  InspectionId,
  ModelVersionView,
  OrganisationId,
  ProjectId,
  ProjectView,
  Role,
  RunView,
  ScoreCalibration,
  UserId,
} from "@loupe/contracts";
import { createHash, randomUUID } from "node:crypto";

import { clientOf } from "../client-of.ts";
import type { Database } from "../database.ts";
import type { NewImage, StoredImage } from "../repositories/data/images.ts";
import type { NewModel } from "../repositories/models/models.ts";
import type { ClaimedRun, NewRun } from "../repositories/runs/run-types.ts";

/** A content hash that nothing else has, or that of a text. */
export function aHash(text: string = randomUUID()): ContentHash {
  return createHash("sha256").update(text).digest("hex") as ContentHash;
}

/** A new organisation. */
export async function anOrganisation(db: Database, name = "Organisation"): Promise<OrganisationId> {
  const id = randomUUID();
  await clientOf(db).organization.create({ data: { id, name, slug: id } });
  return id as OrganisationId;
}

/** A new person with a role in an organisation. */
export async function aPerson(
  db: Database,
  member: { organisationId: OrganisationId; role?: Role; name?: string },
): Promise<UserId> {
  const id = randomUUID();
  const role = member.role ?? "engineer";
  await clientOf(db).user.create({
    data: {
      id,
      name: member.name ?? `Some ${role}`,
      email: `${id}@example.org`,
      members: { create: { id: randomUUID(), organizationId: member.organisationId, role } },
    },
  });
  return id as UserId;
}

export type World = {
  readonly organisationId: OrganisationId;
  readonly engineer: UserId;
  readonly reviewer: UserId;
  readonly project: ProjectView;
  readonly projectId: ProjectId;
};

/** An organisation with an engineer, a reviewer and an empty project. */
export async function aWorld(db: Database): Promise<World> {
  const organisationId = await anOrganisation(db);
  const engineer = await aPerson(db, { organisationId, role: "engineer" });
  const reviewer = await aPerson(db, { organisationId, role: "reviewer", name: "Reviewer" });
  const project = await aProject(db, { organisationId, createdById: engineer });
  return { organisationId, engineer, reviewer, project, projectId: project.id };
}

/** A new project with a name of its own. */
export async function aProject(
  db: Database,
  owner: { organisationId: OrganisationId; createdById: UserId; name?: string },
): Promise<ProjectView> {
  return db.projects.create({ name: `Project ${randomUUID()}`, ...owner });
}

/** A new image of the category "part": a good training image unless told. */
export async function anImage(
  db: Database,
  image: Partial<NewImage> & { projectId: ProjectId },
): Promise<StoredImage> {
  const sha256 = image.sha256 ?? aHash();
  const stored = await db.images.create({
    category: "part",
    sha256,
    fileName: `${sha256.slice(0, 8)}.png`,
    sourcePath: `part/train/good/${sha256.slice(0, 8)}.png`,
    sizeBytes: 1_000,
    width: 64,
    height: 48,
    label: "good",
    defectType: null,
    split: "train",
    ...image,
  });
  return stored.image;
}

/** A frozen version of two good training images and one defective test image with a mask. */
export async function aDatasetVersion(db: Database, world: World): Promise<DatasetVersionView> {
  const { projectId } = world;
  await anImage(db, { projectId });
  await anImage(db, { projectId });
  const scratched = await anImage(db, {
    projectId,
    split: "test",
    label: "defective",
    defectType: "scratch",
  });
  await db.masks.create({ imageId: scratched.id, sha256: aHash() });
  const { version } = await db.datasets.freeze({ projectId, createdById: world.engineer });
  return version;
}

/** A queued run, on a dataset version of its own unless told. */
export async function aRun(
  db: Database,
  world: World,
  run: Partial<NewRun> = {},
): Promise<RunView> {
  const datasetVersionId = run.datasetVersionId ?? (await aDatasetVersion(db, world)).id;
  const created = await db.runs.create({
    projectId: world.projectId,
    createdById: world.engineer,
    method: "rd",
    encoder: "resnet18",
    steps: 100,
    batch: 4,
    seed: 1,
    provider: "cpu",
    settings: {},
    idempotencyKey: randomUUID(),
    ...run,
    datasetVersionId,
  });
  return created.run;
}

/** A run that a worker has claimed and is training. */
export async function aTrainingRun(
  db: Database,
  world: World,
  worker = "worker-1",
): Promise<ClaimedRun> {
  const run = await aRun(db, world);
  const claimed = await db.runs.claim(run.id, worker);
  if (claimed === null) throw new Error("Expected the new run to be free");
  await db.runs.move(claimed.lease, { status: "training", stageDone: 0, stageTotal: run.steps });
  return claimed;
}

/** One under which a standard score is the score itself. */
export function aCalibration(changes: Partial<GoodScores> = {}): ScoreCalibration {
  return { scale: { min: 0, max: 1 }, good: { images: 9, mean: 0, deviation: 1, ...changes } };
}

/** The model of a run that has succeeded. */
export async function aModel(
  db: Database,
  world: World,
  calibrations: Partial<Pick<NewModel, "calibration" | "categoryCalibrations">> = {},
): Promise<ModelVersionView> {
  const { lease } = await aTrainingRun(db, world);
  await db.runs.move(lease, { status: "evaluating", stageDone: 0, stageTotal: 1 });
  const { model } = await db.models.create({
    runId: lease.runId,
    sha256: aHash(),
    sizeBytes: 2_000,
    calibration: aCalibration(),
    categoryCalibrations: {},
    ...calibrations,
    provider: "cpu",
    trainSeconds: 12,
  });
  await db.runs.finish(lease, { status: "succeeded" });
  return model;
}

export type CaseBuilder = {
  readonly model?: ModelVersionView;
  readonly imageId?: ImageId;
  readonly score?: number;
  readonly category?: string;
  readonly inspectionId?: InspectionId;
};

/** An open case about a new test image, scored by a model of its own unless told. */
export async function aCase(
  db: Database,
  world: World,
  { model, imageId, score = 0.5, category = "part", inspectionId }: CaseBuilder = {},
): Promise<CaseRow> {
  const { projectId } = world;
  const scoredBy = model ?? (await aModel(db, world));
  const image = imageId ?? (await anImage(db, { projectId, split: "test" })).id;
  const predictionId = await db.predictions.upsert({
    modelVersionId: scoredBy.id,
    imageId: image,
    score,
    mapKey: aHash(),
  });
  await db.cases.openOrRefresh(projectId, [
    {
      imageId: image,
      predictionId,
      category,
      ...(inspectionId !== undefined && { inspectionId }),
    },
  ]);
  const { rows } = await db.cases.list({ projectId, state: "all", limit: 500 });
  const opened = rows.find((row) => row.imageId === image);
  if (opened === undefined) throw new Error("Expected the case to be in the queue");
  return opened;
}

/** Let time pass for the verdicts of a case, on the clock by which the database judges them. */
export async function ageVerdicts(
  db: Database,
  caseId: CaseRow["id"],
  ageMs: number,
): Promise<void> {
  await clientOf(db).$transaction([
    clientOf(db).$executeRaw`alter table "verdict" disable trigger "verdict_is_immutable"`,
    clientOf(db).$executeRaw`
      update "verdict" set "createdAt" = "createdAt" - ${ageMs} * interval '1 millisecond'
      where "caseId" = ${caseId}::uuid`,
    clientOf(db).$executeRaw`alter table "verdict" enable trigger "verdict_is_immutable"`,
  ]);
}
