import type {
  ComputeProvider,
  ContentHash,
  DatasetVersionId,
  ModelVersionId,
  ModelVersionView,
  OrganisationId,
  ProjectId,
  RunId,
  ScoreCalibration,
} from "@loupe/contracts";

import { notFound } from "../../not-found.ts";
import type { Scope } from "../../scope.ts";
import { takeNumber } from "../../take-number.ts";
import { activateModel } from "./activate-model.ts";
import { MODEL_VIEW, modelView } from "./model-view.ts";

export type NewModel = {
  readonly runId: RunId;
  readonly sha256: ContentHash;
  readonly sizeBytes: number;
  readonly calibration: ScoreCalibration;
  readonly categoryCalibrations: Readonly<Record<string, ScoreCalibration>>;
  readonly provider: ComputeProvider;
  readonly trainSeconds: number;
};

export type ModelFile = {
  readonly organisationId: OrganisationId;
  readonly projectId: ProjectId;
  readonly sha256: ContentHash;
  readonly fileName: string;
};

export interface ModelsRepository {
  /**
   * The artefact of a run, with the project's next number; one for each run, the first one stays. The
   * first of a project becomes its active version, later ones when a person says so.
   */
  create(model: NewModel): Promise<{ model: ModelVersionView; isNew: boolean }>;
  /** Newest first, each with its newest evaluation. */
  list(projectId: ProjectId): Promise<ModelVersionView[]>;
  require(id: ModelVersionId, projectId: ProjectId): Promise<ModelVersionView>;
  find(id: ModelVersionId): Promise<ModelVersionView | null>;
  /** The version that scores for the team; null before the first. */
  active(projectId: ProjectId): Promise<ModelVersionView | null>;
  /**
   * Make a version the active one and move undecided cases to its predictions where it has some.
   *
   * @returns the version, and how many cases were moved and how many still stand on other versions
   */
  activate(
    id: ModelVersionId,
    projectId: ProjectId,
  ): Promise<{ model: ModelVersionView; moved: number; remaining: number }>;
  /** Note that nothing more is scored with the version, unless another one has become active. */
  endRescoring(id: ModelVersionId): Promise<{ projectId: ProjectId; hasEnded: boolean }>;
  /**
   * The newest measured model of a method on a dataset version that knows the category: trained on
   * it alone or, as for null, on all. Null when there is none.
   */
  newestOf(which: {
    readonly projectId: ProjectId;
    readonly datasetVersionId: DatasetVersionId;
    readonly method: string;
    readonly category: string | null;
  }): Promise<ModelVersionView | null>;
  requireFile(id: ModelVersionId): Promise<ModelFile>;
}

function calibrationColumns({ scale, good }: ScoreCalibration) {
  return {
    scaleMin: scale.min,
    scaleMax: scale.max,
    goodImages: good.images,
    goodMean: good.mean,
    goodDeviation: good.deviation,
  };
}

export function modelsRepository({ client, atomically }: Scope): ModelsRepository {
  return {
    create: (model) =>
      atomically(async (tx) => {
        const { runId, calibration, categoryCalibrations, ...rest } = model;
        const run = await tx.trainingRun.findUnique({ where: { id: runId } });
        if (run === null) throw notFound("run", runId);
        const number = await takeNumber(tx, "model_version", run.projectId);
        const present = await tx.modelVersion.findUnique({
          where: { runId },
          include: MODEL_VIEW,
        });
        if (present !== null) return { model: modelView(present), isNew: false };
        const row = await tx.modelVersion.create({
          data: {
            ...rest,
            runId,
            projectId: run.projectId,
            number,
            method: run.method,
            encoder: run.encoder,
            ...calibrationColumns(calibration),
            scales: {
              create: Object.entries(categoryCalibrations).map(([category, each]) => ({
                category,
                ...calibrationColumns(each),
              })),
            },
          },
          include: MODEL_VIEW,
        });
        const { count } = await tx.project.updateMany({
          where: { id: run.projectId, activeModelVersionId: null },
          data: { activeModelVersionId: row.id },
        });
        return { model: { ...modelView(row), isActive: count === 1 }, isNew: true };
      }),

    async list(projectId) {
      const rows = await client.modelVersion.findMany({
        where: { projectId },
        orderBy: { number: "desc" },
        include: MODEL_VIEW,
      });
      return rows.map(modelView);
    },

    async require(id, projectId) {
      const row = await client.modelVersion.findFirst({
        where: { id, projectId },
        include: MODEL_VIEW,
      });
      if (row === null) throw notFound("model version", id);
      return modelView(row);
    },

    async find(id) {
      const row = await client.modelVersion.findUnique({ where: { id }, include: MODEL_VIEW });
      return row === null ? null : modelView(row);
    },

    async active(projectId) {
      const row = await client.modelVersion.findFirst({
        where: { activeIn: { id: projectId } },
        include: MODEL_VIEW,
      });
      return row === null ? null : modelView(row);
    },

    activate: (id, projectId) => atomically((tx) => activateModel(tx, id, projectId)),

    async endRescoring(id) {
      const [ended] = await client.project.updateManyAndReturn({
        where: { activeModelVersionId: id, isRescoring: true },
        data: { isRescoring: false },
        select: { id: true },
      });
      const model = await client.modelVersion.findUnique({
        where: { id },
        select: { projectId: true },
      });
      if (model === null) throw notFound("model version", id);
      return { projectId: model.projectId as ProjectId, hasEnded: ended !== undefined };
    },

    async newestOf({ projectId, datasetVersionId, method, category }) {
      const row = await client.modelVersion.findFirst({
        where: {
          projectId,
          method,
          run: {
            datasetVersionId,
            OR: [{ category: null }, ...(category === null ? [] : [{ category }])],
          },
          evaluations: { some: { datasetVersionId } },
        },
        orderBy: { number: "desc" },
        include: MODEL_VIEW,
      });
      return row === null ? null : modelView(row);
    },

    async requireFile(id) {
      const row = await client.modelVersion.findUnique({
        where: { id },
        include: { project: { select: { name: true, organizationId: true } } },
      });
      if (row === null) throw notFound("model version", id);
      // Names go into a download's header: letters and digits of any script, the rest as dashes.
      const project = row.project.name.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "");
      return {
        organisationId: row.project.organizationId as OrganisationId,
        projectId: row.projectId as ProjectId,
        sha256: row.sha256 as ContentHash,
        fileName: `${project || "project"}-model-${row.number}.loupe`,
      };
    },
  };
}
