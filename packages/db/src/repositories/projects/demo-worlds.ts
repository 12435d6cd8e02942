import {
  type DatasetVersionId,
  type DemoPhase,
  DemoPlan,
  type DemoProgress,
  type DemoWorldId,
  type ImportId,
  type OrganisationId,
  type ProjectId,
  type RunId,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import type { Scope } from "../../scope.ts";

export type DemoWorldRow = DemoProgress & {
  readonly organisationId: OrganisationId;
  readonly plan: DemoPlan;
  /** Folder of the upload area into which its pictures are rendered. */
  readonly uploadKey: string | null;
  readonly importId: ImportId | null;
  readonly datasetVersionId: DatasetVersionId | null;
};

/** What a step of the way writes; what is left out stays. */
export type DemoChange = {
  readonly phase?: DemoPhase;
  readonly done?: number;
  readonly total?: number;
  readonly problem?: string | null;
  readonly uploadKey?: string | null;
  readonly importId?: ImportId;
  readonly datasetVersionId?: DatasetVersionId;
  readonly runId?: RunId;
};

export interface DemoWorldsRepository {
  /** Null once its project or organisation has been removed. */
  find(id: DemoWorldId): Promise<DemoWorldRow | null>;
  /** Null for a project that people made. */
  progressOf(projectId: ProjectId): Promise<DemoProgress | null>;
  listUnfinished(): Promise<DemoWorldId[]>;
  /** Write a step, or null when the demo is no longer in the phase that the writer believed. */
  change(id: DemoWorldId, from: DemoPhase, change: DemoChange): Promise<DemoProgress | null>;
}

const ROW = {
  project: { select: { organizationId: true } },
} as const satisfies Prisma.DemoWorldInclude;

export function demoWorldsRepository({ client }: Scope): DemoWorldsRepository {
  return {
    async find(id) {
      const row = await client.demoWorld.findUnique({ where: { id }, include: ROW });
      if (row === null) return null;
      return {
        ...progress(row),
        organisationId: row.project.organizationId as OrganisationId,
        plan: DemoPlan.parse(row.plan),
        uploadKey: row.uploadKey,
        importId: row.importId as ImportId | null,
        datasetVersionId: row.datasetVersionId as DatasetVersionId | null,
      };
    },

    async progressOf(projectId) {
      const row = await client.demoWorld.findUnique({ where: { projectId } });
      return row === null ? null : progress(row);
    },

    async listUnfinished() {
      const rows = await client.demoWorld.findMany({
        where: { phase: { not: "done" } },
        orderBy: { id: "asc" },
        select: { id: true },
      });
      return rows.map((row) => row.id as DemoWorldId);
    },

    async change(id, from, change) {
      const [row] = await client.demoWorld.updateManyAndReturn({
        where: { id, phase: from },
        data: change,
      });
      return row === undefined ? null : progress(row);
    },
  };
}

function progress(row: Prisma.DemoWorldGetPayload<object>): DemoProgress {
  return {
    id: row.id as DemoWorldId,
    projectId: row.projectId as ProjectId,
    phase: row.phase,
    done: row.done,
    total: row.total,
    problem: row.problem,
    runId: row.runId as RunId | null,
  };
}
